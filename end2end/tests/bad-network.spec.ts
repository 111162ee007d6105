import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, GEORGE, MARIA, MIHAI, SOFIA } from '../fixtures/people.ts';

/** News that was lost is found out by comparing: what looks stuck every two seconds, everything every sweep. */
const QUIET = 20_000;

test.use({ settings: { sweep: 2, ring: 20 } });

for (const seed of [1, 2, 3]) {
  test(`news that is late, doubled, out of order or lost ends in the truth (seed ${seed})`, async ({ salon }) => {
    test.setTimeout(120_000);
    const { carrier } = salon;
    await salon.onDuty(ANA, MIHAI);
    const floor = await salon.floorOf(CRISTINA);
    await carrier.faults({ seed, delay_ms: [0, 500], double: 0.2, reorder: 0.3, lose: 0.15 });

    const [maria, george] = [await carrier.call(MARIA), await carrier.call(GEORGE)];
    await carrier.answer(ANA);
    await carrier.answer(MIHAI);
    await salon.agrees(floor, QUIET);
    for (const caller of [MARIA, GEORGE]) {
      await expect.poll(async () => (await carrier.caller(caller))?.talksTo, { timeout: QUIET }).toBeTruthy();
    }
    await salon.agrees(floor, QUIET);

    await floor.choose(MARIA, 'Park in slot 3');
    await expect.poll(async () => (await floor.board()).calls[MARIA.name], { timeout: QUIET }).toEqual(['Slot 3']);
    await salon.agrees(floor, QUIET);

    const sofia = await carrier.call(SOFIA);
    await carrier.answer(ANA).catch(() => carrier.answer(MIHAI));
    await carrier.hangUp(george);
    await carrier.hangUp(maria);
    await salon.agrees(floor, QUIET);
    await carrier.hangUp(sofia);
    await expect.poll(async () => (await floor.board()).calls, { timeout: QUIET }).toEqual({});
    await salon.agrees(floor, QUIET);
    for (const agent of [ANA, MIHAI]) await floor.isDoing(agent, 'Available');
  });
}
