import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, ELENA, GEORGE, IRINA, MARIA, MIHAI, RADU, SOFIA } from '../fixtures/people.ts';

/** Ana talks to Maria; George is parked in slot 3; Elena talks to Sofia; Radu is not there; Mihai is free. */
async function busyFloor(salon: Salon): Promise<Floor> {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.park(GEORGE, ANA, ana, 3);
  await salon.talk(MARIA, ANA, ana);
  await salon.onDuty(ELENA);
  await salon.talk(SOFIA, ELENA, ana);
  await salon.onDuty(MIHAI);
  return ana;
}

test('illegal drops spring back and say why', async ({ salon }) => {
  const ana = await busyFloor(salon);
  const drops = [
    [ana.slot(3), 'Slot 3 is taken'],
    [ana.agent(RADU), `${RADU.name} is offline`],
    [ana.agent(ELENA), `${ELENA.name} is on a call`],
  ] as const;
  for (const [target, reason] of drops) {
    await ana.drag(MARIA, target);
    await ana.says(reason);
    await ana.isWith(MARIA, ANA);
    await ana.isParked(GEORGE, 3);
    await ana.isWith(SOFIA, ELENA);
  }
  await salon.agrees(ana);
});

test('a call dropped on nothing springs back', async ({ salon }) => {
  const ana = await busyFloor(salon);
  await ana.drag(MARIA, ana.page.getByRole('banner'));
  await ana.isWith(MARIA, ANA);
  await salon.agrees(ana);
});

test('legal targets light up while a call is in the hand, and no others', async ({ salon }) => {
  const ana = await busyFloor(salon);
  await ana.pickUp(MARIA, ana.agent(MIHAI));
  for (const legal of [ana.agent(MIHAI), ana.slot(1), ana.slot(10)]) await expect(legal).toHaveAttribute('data-may', 'yes');
  for (const illegal of [ana.agent(RADU), ana.agent(ELENA), ana.slot(3)]) {
    await expect(illegal).not.toHaveAttribute('data-may', 'yes');
  }
  await ana.page.keyboard.press('Escape');
  await ana.letGo();
  await expect(ana.slot(1)).not.toHaveAttribute('data-may', 'yes');
  await ana.isWith(MARIA, ANA);
});

test('nothing moves under the pointer while a call is in the hand', async ({ salon }) => {
  const ana = await busyFloor(salon);
  await salon.onDuty();
  const waiting = ana.page.locator('[data-figure=waiting]');
  await ana.pickUp(MARIA, ana.slot(5));
  const places = () => Promise.all([ana.agent(MIHAI), ana.agent(RADU), ana.slot(1), ana.slot(5), ana.slot(10)].map((l) => l.boundingBox()));
  const before = await places();
  await salon.carrier.call(IRINA);
  await expect(waiting).toHaveText('1');
  expect(await places()).toEqual(before);
  await ana.letGo();
  await ana.isParked(MARIA, 5);
  await ana.isWaiting(IRINA);
  await salon.agrees(ana);
});
