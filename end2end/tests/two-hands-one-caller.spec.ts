import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import { ANA, MARIA, MIHAI } from '../fixtures/people.ts';

test('two people pick up one caller: one wins, the other reads who has it', async ({ salon }) => {
  await salon.onDuty();
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  await salon.carrier.call(MARIA);
  for (const floor of [ana, mihai]) await floor.isWaiting(MARIA);

  const release = await holdRequests([ana, mihai]);
  await Promise.all([ana.choose(MARIA, 'Pick up'), mihai.choose(MARIA, 'Pick up')]);
  await release();

  await expect.poll(async () => (await salon.carrier.caller(MARIA))?.ringsAt).toBeTruthy();
  const { ringsAt } = (await salon.carrier.caller(MARIA))!;
  const [winner, loser] = ringsAt === 'ana' ? [ANA, mihai] : [MIHAI, ana];
  await loser.says(`This call is already on its way to ${winner.name}`);
  for (const floor of [ana, mihai]) await floor.isWith(MARIA, winner, 'Ringing');
  await salon.carrier.answer(winner);
  for (const floor of [ana, mihai]) await floor.isWith(MARIA, winner);
  for (const floor of [ana, mihai]) await salon.agrees(floor);
});

test('who drags a caller is told that a colleague was faster', async ({ salon }) => {
  await salon.onDuty();
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  await salon.carrier.call(MARIA);
  for (const floor of [ana, mihai]) await floor.isWaiting(MARIA);
  await mihai.pickUp(MARIA, mihai.agent(MIHAI));
  await ana.choose(MARIA, 'Pick up');
  await ana.isWith(MARIA, ANA, 'Ringing');
  await mihai.says(`Call with ${MARIA.name} is now with ${ANA.name}`);
  await mihai.letGo();
  for (const floor of [ana, mihai]) await floor.isWith(MARIA, ANA, 'Ringing');
  await mihai.isDoing(MIHAI, 'Away');
  await salon.agrees(mihai);
});

/** Keeps what pages ask for until each has asked, so that the requests meet. */
async function holdRequests(floors: Floor[]): Promise<() => Promise<void>> {
  let open = () => {};
  const gate = new Promise<void>((done) => (open = done));
  for (const { page } of floors) {
    await page.route('**/api/fn/ask', async (route) => {
      await gate;
      await route.continue();
    });
  }
  const asked = floors.map(({ page }) => page.waitForRequest('**/api/fn/ask'));
  return async () => {
    await Promise.all(asked);
    open();
  };
}
