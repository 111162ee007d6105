// A call is never lost: reloads, closed tabs, crashes and cut networks, with what both ends hear.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import { Line } from '../fixtures/line.ts';
import { Phone, withMicrophone } from '../fixtures/phone.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const CALLER = 440;

async function talking(salon: Salon) {
  const ana = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await ana.phone.press('Answer');
  await ana.phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  return { ...ana, sid };
}

test('a reloaded page is back in its call by itself', async ({ salon }, info) => {
  const { floor, phone, sid } = await talking(salon);
  const began = Date.now();
  await floor.page.reload();
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER, 15_000);
  await salon.carrier.hears(sid, AGENT, 15_000);
  info.annotations.push({ type: 'audio back after a reload', description: `${Date.now() - began} ms` });
  await floor.isWith(MARIA, ANA);
  await phone.press('Hang up');
  await floor.isGone(MARIA);
});

test('a caller on hold is still on hold when the page is back', async ({ salon }) => {
  const { floor, phone, sid } = await talking(salon);
  await phone.press('Hold');
  await phone.says('Maria Enache is on hold');
  await floor.page.reload();
  await phone.says('Maria Enache is on hold', 15_000);
  await expect(phone.button('Resume')).toBeVisible();
  await salon.carrier.hearsMusicNot(sid, AGENT);
  expect(await salon.carrier.caller(MARIA)).toEqual({ talksTo: ANA.id, ringsAt: null, onHold: true });
  await phone.press('Resume');
  await salon.carrier.hears(sid, AGENT);
  await phone.hears(CALLER);
});

test('while the page is away the caller hears music, and everybody sees that it reconnects', async ({ salon }) => {
  const { floor, context, sid } = await talking(salon);
  const watcher = await salon.floorOf(ANA);
  await floor.page.goto('about:blank');
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await expect(watcher.call(MARIA).getByText('Reconnecting…')).toBeVisible();
  const back = Phone.of(await salon.floorIn(context, ANA), salon.carrier);
  await back.isOnACallWith(MARIA);
  await back.hears(CALLER, 15_000);
  await salon.carrier.hears(sid, AGENT, 15_000);
});

test('another tab shows and controls the call, and takes it over when the first is closed', async ({ salon }) => {
  const { floor, context, sid } = await talking(salon);
  const second = await salon.floorIn(context, ANA);
  const other = Phone.of(second, salon.carrier);
  await other.isOnACallWith(MARIA);
  await other.press('Mute');
  await salon.carrier.hearsNothing(sid);
  await expect(other.button('Unmute')).toBeVisible();
  await other.press('Unmute');
  await salon.carrier.hears(sid, AGENT);
  await floor.page.close();
  await other.hears(CALLER, 15_000);
  await salon.carrier.hears(sid, AGENT, 15_000);
  await other.press('Hang up');
  await second.isGone(MARIA);
});

test('closing a tab that does not own the phone changes nothing', async ({ salon }) => {
  const { phone, context, sid } = await talking(salon);
  const second = await salon.floorIn(context, ANA);
  await Phone.of(second, salon.carrier).isOnACallWith(MARIA);
  await second.page.close();
  await phone.page.waitForTimeout(1_500);
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
});

test('a page that is reloaded while it rings does not decline', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.rings(MARIA);
  const second = await salon.floorIn(floor.page.context(), ANA);
  await floor.page.close();
  const other = Phone.of(second, salon.carrier);
  await other.isReady();
  await expect(second.call(MARIA).getByText(/declined/)).toHaveCount(0);
  await second.isWith(MARIA, ANA, 'Ringing');
});

test('answered in one tab although the phone is in the other', async ({ salon }) => {
  const { floor, phone, context } = await salon.phoneOf(ANA, AGENT);
  const second = await salon.floorIn(context, ANA);
  const other = Phone.of(second, salon.carrier);
  await other.isReady();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await other.rings(MARIA);
  await other.press('Answer');
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  await floor.isWith(MARIA, ANA);
});

test('the line to our server is cut for six seconds: the talk goes on when it is back', async ({ salon }) => {
  const line = await Line.to(salon.server.url);
  const context = await salon.browserOf(ANA, { baseURL: line.url });
  await withMicrophone(context, { hertz: AGENT });
  const phone = Phone.of(await salon.floorIn(context, ANA), salon.carrier);
  await phone.switchOn();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await phone.hears(CALLER);
  await line.cut();
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await line.mend();
  await phone.hears(CALLER, 20_000);
  await salon.carrier.hears(sid, AGENT, 20_000);
  await phone.isOnACallWith(MARIA);
  await line.cut();
});

test('a server that is killed and started again does not end the talk', async ({ salon }) => {
  const { phone, sid } = await talking(salon);
  await salon.server.program.kill();
  await phone.hears(CALLER);
  await salon.server.startAgain();
  await phone.hears(CALLER, 20_000);
  await salon.carrier.hears(sid, AGENT, 20_000);
  await phone.isOnACallWith(MARIA);
  await phone.press('Hang up');
  await phone.isReady();
});
