// What goes wrong with a phone is said in words, and what can be done about it.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';

const on = /^(Go available|Switch the phone on)$/;

test('a microphone that may not be used, and one that is not there', async ({ salon }) => {
  const denied = await salon.silentPhoneOf(ANA, { fails: 'NotAllowedError' });
  await denied.phone.region.getByRole('button', { name: on }).click();
  await denied.phone.says(/may not use the microphone/);
  await expect(denied.phone.button('Try again')).toBeVisible();
  const none = await salon.silentPhoneOf(ANA, { fails: 'NotFoundError' });
  await none.phone.region.getByRole('button', { name: on }).click();
  await none.phone.says(/There is no microphone/);
});

test('a token that is refused, and a second try', async ({ salon }) => {
  const { phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  await phone.page.route('**/api/token', (route) => route.fulfill({ status: 403, body: 'no' }));
  await phone.region.getByRole('button', { name: on }).click();
  await phone.says(/did not accept this phone/);
  await phone.page.unroute('**/api/token');
  await phone.press('Try again');
  await phone.isReady();
});

test('a token that the phone network does not take', async ({ salon }) => {
  const { phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  await phone.page.route('**/api/token', async (route) => {
    const answer = await route.fetch();
    const grant = await answer.json();
    await route.fulfill({ json: { ...grant, token: `${grant.token.slice(0, -6)}AAAAAA` } });
  });
  await phone.region.getByRole('button', { name: on }).click();
  await phone.says(/did not accept this phone/);
});

test('without a connection it is tried again by itself', async ({ salon }) => {
  const { phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  let cut = true;
  await phone.page.route('**/api/token', (route) => (cut ? route.abort() : route.continue()));
  await phone.region.getByRole('button', { name: on }).click();
  await phone.says(/There is no connection/);
  cut = false;
  await phone.isReady();
});

test('the microphone is open only during calls, and the SDK is loaded only when it is needed', async ({ salon }) => {
  const { phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  const loaded = () => phone.page.evaluate(() => 'Twilio' in window);
  expect(await loaded()).toBe(false);
  const elsewhere: string[] = [];
  phone.page.on('request', (request) => {
    if (!request.url().startsWith(salon.server.url)) elsewhere.push(request.url());
  });
  await phone.switchOn();
  expect(await loaded()).toBe(true);
  expect(await phone.page.evaluate(() => (window as any).ears.open)).toBe(0);
  expect(elsewhere).toEqual([]);
});

test('a microphone that gives no sound during a call', async ({ salon }) => {
  const { phone } = await salon.phoneOf(ANA, 0);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: 440 } });
  await phone.press('Answer');
  await phone.hears(440);
  await salon.carrier.hearsNothing(sid);
  await phone.says('Your microphone gives no sound.', 30_000);
  await phone.isOnACallWith(MARIA);
});
