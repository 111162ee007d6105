import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA, MIHAI } from '../fixtures/people.ts';

/** Requests are tried for some seconds before they are given up. */
const GIVEN_UP = 20_000;
const WHY = 'The phone network did not respond';

test('a park that the network does not do springs back, says why, and works afterwards', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await carrier.faults({ rest_429: 1 });
  await ana.drag(MARIA, ana.slot(3));
  await expect(ana.call(MARIA)).toContainText('moving to slot 3');
  await expect(ana.call(MARIA)).toContainText(WHY, { timeout: GIVEN_UP });
  await ana.isWith(MARIA, ANA);
  await expect(ana.slot(3)).toHaveAccessibleName('Slot 3, empty');

  await carrier.noFaults();
  await expect.poll(() => carrier.caller(MARIA), { timeout: GIVEN_UP }).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });
  await ana.drag(MARIA, ana.slot(3));
  await ana.isParked(MARIA, 3);
  await salon.agrees(ana);
});

test('a transfer that the network does not do stays with the one who made it', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await carrier.faults({ rest_429: 1 });
  await ana.drag(MARIA, ana.agent(MIHAI));
  await expect(ana.call(MARIA)).toContainText(WHY, { timeout: GIVEN_UP });
  await ana.isWith(MARIA, ANA);
  await ana.isDoing(MIHAI, 'Available');

  await carrier.noFaults();
  await expect.poll(() => carrier.caller(MARIA), { timeout: GIVEN_UP }).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });
  await ana.drag(MARIA, ana.agent(MIHAI));
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await salon.agrees(ana);
});

test('a caller who comes while nobody can be rung is kept, and rung when it is over', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await carrier.faults({ seed: 3, rest_error: 1 });
  await carrier.call(MARIA);
  await expect(ana.call(MARIA)).toContainText(WHY, { timeout: GIVEN_UP });
  await ana.isDoing(ANA, 'Available');
  await carrier.noFaults();
  await expect(async () => {
    await carrier.answer(ANA);
    await ana.isWith(MARIA, ANA);
  }).toPass();
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });
  await salon.agrees(ana);
});

for (const seed of [1, 2, 3]) {
  test(`errors for what may have been done all the same lose nobody (seed ${seed})`, async ({ salon }) => {
    const { carrier } = salon;
    await salon.onDuty(ANA, MIHAI);
    const ana = await salon.floorOf(ANA);
    await salon.talk(MARIA, ANA, ana);
    await carrier.faults({ seed, rest_error: 1 });
    await ana.drag(MARIA, ana.agent(MIHAI));
    await expect(ana.call(MARIA)).not.toContainText('moving to', { timeout: GIVEN_UP });
    await carrier.noFaults();
    await salon.agrees(ana, GIVEN_UP);
    await expect.poll(async () => Object.keys(await carrier.callers())).toEqual([MARIA.name]);
    const { ringsAt } = (await carrier.caller(MARIA))!;
    if (ringsAt) await carrier.answer(ringsAt === 'ana' ? ANA : MIHAI);
    await expect.poll(async () => (await carrier.caller(MARIA))?.onHold, { timeout: GIVEN_UP }).toBe(false);
    await salon.agrees(ana);
  });
}
