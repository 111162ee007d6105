import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, ANDREI, CRISTINA, ELENA, GEORGE, IRINA, MARIA, MIHAI, SOFIA, VICTOR } from '../fixtures/people.ts';

/** How long a floor may be wrong after a restart. */
const RIGHT_AGAIN = 5_000;

/** Mihai talks to Irina, Ana to Maria; George is parked; Elena has passed Sofia on to Andrei, who is rung; Victor waits. */
async function inTheMiddle(salon: Salon): Promise<{ floor: Floor; sids: Record<string, string> }> {
  const { carrier } = salon;
  await salon.onDuty(MIHAI);
  const floor = await salon.floorOf(CRISTINA);
  const irina = await salon.talk(IRINA, MIHAI, floor);
  await salon.onDuty(ANA);
  const george = await salon.park(GEORGE, ANA, floor, 2);
  const maria = await salon.talk(MARIA, ANA, floor);
  await salon.onDuty(ELENA);
  const sofia = await salon.talk(SOFIA, ELENA, floor);
  await salon.onDuty(ANDREI);
  await floor.choose(SOFIA, `Transfer to ${ANDREI.name}`);
  await floor.isWith(SOFIA, ANDREI, 'Ringing');
  const victor = await carrier.call(VICTOR);
  await floor.isWaiting(VICTOR);
  return { floor, sids: { irina, george, maria, sofia, victor } };
}

test('a killed server loses no call, and the page comes back by itself', async ({ salon }) => {
  const { floor } = await inTheMiddle(salon);
  const before = Object.keys(await salon.carrier.callers());
  await salon.server.program.kill();
  await expect(floor.page.getByText('Reconnecting…', { exact: true })).toBeVisible();
  await salon.server.startAgain();
  await floor.isLive();
  await salon.agrees(floor, RIGHT_AGAIN);
  expect(Object.keys(await salon.carrier.callers())).toEqual(before);
  await floor.isParked(GEORGE, 2);

  await salon.carrier.answer(ANDREI);
  await floor.isWith(SOFIA, ANDREI);
  await floor.choose(GEORGE, 'Park in slot 7');
  await floor.isParked(GEORGE, 7);
  await salon.agrees(floor);
});

test('what happened while the server was dead is on the floor within five seconds', async ({ salon }) => {
  const { floor, sids } = await inTheMiddle(salon);
  await salon.server.program.kill();
  await salon.carrier.hangUp(sids.george!);
  await salon.carrier.hangUp(sids.maria!);
  await salon.carrier.answer(ANDREI);
  await salon.carrier.drop(MIHAI);
  await salon.server.startAgain();
  const started = Date.now();
  const fresh = await salon.floorOf(CRISTINA);
  await salon.agrees(fresh, RIGHT_AGAIN - (Date.now() - started));
  for (const gone of [GEORGE, MARIA]) await fresh.isGone(gone);
  await fresh.isWith(SOFIA, ANDREI);
  for (const here of [IRINA, VICTOR]) await expect(fresh.call(here)).toHaveCount(1);

  await floor.isLive();
  await salon.agrees(floor);
  for (const sid of [sids.irina!, sids.sofia!, sids.victor!]) await salon.carrier.hangUp(sid);
  await salon.agrees(floor);
  for (const agent of [ANA, ELENA, MIHAI]) await floor.isDoing(agent, 'Away');
  await floor.isDoing(ANDREI, 'Available');
});

test('a transfer asked for in the moment of death is carried out or comes back', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  const asked = ana.page.waitForResponse('**/api/fn/ask');
  await ana.drag(MARIA, ana.agent(MIHAI));
  await asked;
  await salon.server.program.kill();
  await salon.server.startAgain();
  await ana.isLive();
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await salon.carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await salon.agrees(ana);
});
