// Calls that come to an agent's phone in the page, with the real SDK and real audio: what is heard is asserted at both ends.
import { expect, test } from '../fixtures/test.ts';
import { ANA, GEORGE, MARIA, MIHAI } from '../fixtures/people.ts';

const AGENT = 700;
const CALLER = 440;

test('an agent answers in the page, is heard and hears, and hangs up', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.rings(MARIA);
  await phone.press('Answer');
  await phone.isOnACallWith(MARIA);
  await floor.isWith(MARIA, ANA);
  await expect(phone.region).toContainText(/Talking for \d:\d\d/);
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  await phone.isReady();
  await expect(phone.region).not.toContainText('Talking for');
  await expect.poll(() => salon.carrier.callers()).toEqual({});
});

test('muted, the caller hears nothing, and the agent hears on', async ({ salon }) => {
  const { phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  await phone.press('Mute');
  await salon.carrier.hearsNothing(sid);
  await phone.hears(CALLER);
  await phone.press('Unmute');
  await salon.carrier.hears(sid, AGENT);
});

test('on hold the caller hears music and not the agent, and the agent not the caller', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  await phone.press('Hold');
  await phone.says('Maria Enache is on hold');
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await phone.hearsNothing();
  await expect(floor.call(MARIA).getByText('On hold')).toBeVisible();
  await phone.press('Resume');
  await salon.carrier.hears(sid, AGENT);
  await phone.hears(CALLER);
});

test('who declines is not rung again, and the caller goes to the next', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA, MIHAI);
  await salon.carrier.call(MARIA);
  await phone.rings(MARIA);
  await phone.press('Decline');
  await expect(phone.button('Answer')).toBeHidden();
  await floor.isWith(MARIA, MIHAI, 'Ringing');
});

test('a caller who gives up stops the ringing', async ({ salon }) => {
  const { phone, floor } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA);
  await phone.rings(MARIA);
  await salon.carrier.hangUp(sid);
  await expect(phone.button('Answer')).toBeHidden();
  await floor.isGone(MARIA);
  await phone.isReady();
});

test('whom the agent picks out of the line is answered without asking', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty();
  const sid = await salon.carrier.call(GEORGE, { sends: { tone: CALLER } });
  await floor.isWaiting(GEORGE);
  await floor.call(GEORGE).getByRole('button', { name: 'Pick up' }).click();
  await phone.isOnACallWith(GEORGE);
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
});

test('a parked caller hears music, and after the retrieval both hear each other again', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  await floor.choose(MARIA, 'Park in slot 3');
  await floor.isParked(MARIA, 3);
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await phone.isReady();
  await floor.call(MARIA).getByRole('button', { name: 'Retrieve' }).click();
  await phone.isOnACallWith(MARIA);
  await salon.carrier.hears(sid, AGENT);
  await phone.hears(CALLER);
});

test('after a transfer the new agent and the caller hear each other, and the old one nothing', async ({ salon }) => {
  const ana = await salon.phoneOf(ANA, AGENT);
  const mihai = await salon.phoneOf(MIHAI, 1000);
  await salon.onDuty(ANA, MIHAI);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await ana.phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  await ana.floor.choose(MARIA, `Transfer to ${MIHAI.name}`);
  await mihai.phone.press('Answer');
  await mihai.phone.hears(CALLER);
  await salon.carrier.hears(sid, 1000);
  await ana.phone.isReady();
  await ana.phone.hearsNothing();
});

test('every control has a key', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.rings(MARIA);
  const { keyboard } = floor.page;
  await keyboard.press('t');
  await salon.carrier.hears(sid, AGENT);
  await keyboard.press('k');
  await salon.carrier.hearsNothing(sid);
  await keyboard.press('k');
  await keyboard.press('h');
  await phone.says('Maria Enache is on hold');
  await keyboard.press('h');
  await phone.isOnACallWith(MARIA);
  await keyboard.press('e');
  await floor.isGone(MARIA);
  await keyboard.press('o');
  await phone.says('The phone is off');
  await keyboard.press('o');
  await phone.isReady();
});
