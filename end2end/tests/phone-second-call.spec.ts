// A second call for an agent who is talking: it is announced, and answering it parks the first.
import { expect, test } from '../fixtures/test.ts';
import { ANA, GEORGE, MARIA } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const FIRST = 440;
const SECOND = 520;

/** Ana talks to Maria and asks for George, who waits. */
async function secondCallRings(salon: Salon) {
  const ana = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const maria = await salon.carrier.call(MARIA, { sends: { tone: FIRST } });
  await ana.phone.press('Answer');
  await ana.phone.hears(FIRST);
  const george = await salon.carrier.call(GEORGE, { sends: { tone: SECOND } });
  await ana.floor.isWaiting(GEORGE);
  const announced = await ana.floor.listen();
  await ana.floor.call(GEORGE).getByRole('button', { name: 'Pick up' }).click();
  await expect(ana.phone.button('Park and answer')).toBeVisible();
  await ana.phone.says(GEORGE.name);
  await expect.poll(announced).toContain(`Incoming call from ${GEORGE.name}`);
  return { ...ana, maria, george };
}

test('park and answer: the first hears music, the second and the agent hear each other', async ({ salon }) => {
  const { floor, phone, maria, george } = await secondCallRings(salon);
  // The first talk goes on while the second call knocks.
  await phone.hears(FIRST);
  await salon.carrier.hears(maria, AGENT);
  await phone.press('Park and answer');
  await phone.isOnACallWith(GEORGE);
  await floor.isParked(MARIA, 1);
  await floor.isWith(GEORGE, ANA);
  await phone.hears(SECOND);
  await salon.carrier.hears(george, AGENT);
  await salon.carrier.hearsMusicNot(maria, AGENT);
  expect(await salon.carrier.caller(MARIA)).toEqual({ talksTo: null, ringsAt: null, onHold: true });
  expect(await salon.carrier.caller(GEORGE)).toEqual({ talksTo: ANA.id, ringsAt: null, onHold: false });
  await salon.agrees(floor);

  // And back again, the same way.
  await floor.call(MARIA).getByRole('button', { name: 'Retrieve' }).click();
  await phone.press('Park and answer');
  await phone.isOnACallWith(MARIA);
  await phone.hears(FIRST);
  await salon.carrier.hears(maria, AGENT);
  await salon.carrier.hearsMusicNot(george, AGENT);
  await salon.agrees(floor);
});

test('declined, it waits again, and the first talk goes on', async ({ salon }) => {
  const { floor, phone, maria } = await secondCallRings(salon);
  await phone.press('Decline');
  await expect(phone.button('Park and answer')).toBeHidden();
  await floor.isWaiting(GEORGE);
  await phone.isOnACallWith(MARIA);
  await phone.hears(FIRST);
  await salon.carrier.hears(maria, AGENT);
  await salon.agrees(floor);
});

test('a reload in the middle brings the first back, and the second waits again', async ({ salon }) => {
  const { floor, phone, maria } = await secondCallRings(salon);
  await floor.page.reload();
  await phone.isOnACallWith(MARIA);
  await phone.hears(FIRST, 15_000);
  await salon.carrier.hears(maria, AGENT, 15_000);
  await floor.isWaiting(GEORGE);
  await salon.agrees(floor);
});
