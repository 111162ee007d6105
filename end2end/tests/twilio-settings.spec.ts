// A company enters its Twilio credentials, its callers arrive, and what is changed behind its back is put right.
import type { BrowserContextOptions, Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, BOOKINGS, CRISTINA, MARIA } from '../fixtures/people.ts';

const ACCOUNT = { sid: 'ACfeedfacefeedfacefeedfacefeedface', token: '00112233445566778899aabbccddeeff' };
const NUMBER = '+40364400001';

/** Somebody at the settings, with an account at Twilio that nothing is set up for. */
async function settings(salon: Salon, options: BrowserContextOptions = {}): Promise<Page> {
  await salon.carrier.open(ACCOUNT, NUMBER);
  const page = await (await salon.browserOf(CRISTINA, options)).newPage();
  await page.goto('/settings/twilio');
  return page;
}

/** Enters credentials as somebody types them. */
async function enter(page: Page, { sid, token }: typeof ACCOUNT, countries = 'ro'): Promise<void> {
  const form = page.getByText('Enter other credentials');
  if (!(await page.getByLabel('Account SID').isVisible())) await form.click();
  await page.getByLabel('Account SID').fill(sid);
  await page.getByLabel('Auth token').fill(token);
  await page.getByLabel('Countries that are called').fill(countries);
  await page.getByRole('button', { name: 'Connect' }).click();
}

/** The other account is connected, and its number rings here. */
async function connect(page: Page): Promise<void> {
  await enter(page, ACCOUNT);
  await expect(page.getByRole('status')).toHaveText(/Connected/);
  await page.getByLabel(NUMBER).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText(/Saved/);
  await expect(page.getByText('Everything is as it should be.')).toBeVisible();
}

test('credentials are entered, a number is chosen, and a caller arrives', async ({ salon }) => {
  const page = await settings(salon);
  await connect(page);

  const [application, ...others] = await salon.carrier.applications(ACCOUNT);
  expect(others).toEqual([]);
  expect(application).toMatchObject({ voice_url: `${salon.server.url}/api/voice/inbound?workspace=salon` });
  expect(await salon.carrier.number(NUMBER)).toMatchObject({
    voice_application_sid: application?.sid,
    sms_url: `${salon.server.url}/api/twilio/webhook?workspace=salon`,
  });
  expect(await salon.carrier.number(BOOKINGS), 'the account before is left as it was').toMatchObject({ voice_application_sid: '' });

  await salon.onDuty(ANA);
  const floor = await salon.floorOf(ANA);
  await salon.carrier.call(MARIA, {}, NUMBER);
  await floor.isWith(MARIA, ANA, 'Ringing');
  await salon.carrier.answer(ANA);
  await floor.isWith(MARIA, ANA);

  await page.goto('/settings/twilio');
  await page.getByRole('button', { name: 'Put all back as they were' }).click();
  await expect(page.getByText('goes to https://old.example/voice')).toBeVisible();
  expect(await salon.carrier.number(NUMBER)).toMatchObject({ voice_application_sid: '', voice_url: 'https://old.example/voice', sms_url: '' });
});

test('what is wrong with credentials is said, and what was typed stays', async ({ salon }) => {
  const page = await settings(salon);
  await enter(page, { sid: 'AC123', token: 'secret' }, 'RO MD');
  await expect(page.getByRole('alert')).toHaveText(/begins with AC/);
  await expect(page.getByLabel('Account SID')).toHaveValue('AC123');
  await expect(page.getByLabel('Countries that are called')).toHaveValue('RO MD');
  await expect(page.getByLabel('Auth token')).toHaveValue('');
  await enter(page, { ...ACCOUNT, token: 'wrong' });
  await expect(page.getByRole('alert')).toHaveText(/does not accept this account SID/);
  expect(page.url()).not.toContain('wrong');
  await enter(page, ACCOUNT, 'Narnia');
  await expect(page.getByRole('alert')).toHaveText(/not a list of countries/);
  await expect(page.getByText('Everything is as it should be.')).toBeVisible();
});

test('an own key with which nobody could talk is told apart when it is entered', async ({ salon }) => {
  const page = await settings(salon);
  const key = await salon.carrier.restrictedKey(ACCOUNT);
  await page.getByText('Enter other credentials').click();
  await page.getByText('Use an API key of my own').click();
  await page.getByLabel('API key SID').fill(key.sid);
  await page.getByLabel('API key secret').fill(key.secret);
  await enter(page, ACCOUNT);
  await expect(page.getByRole('alert')).toHaveText(/restricted/);
  await expect(page.getByLabel('API key SID')).toHaveAttribute('aria-invalid', 'true');
  expect(page.url()).not.toContain(key.secret);
});

test.describe('without scripts', () => {
  test('what is changed behind our back is found and repaired with a click', async ({ salon }) => {
    const page = await settings(salon, { javaScriptEnabled: false });
    await connect(page);
    const [application] = await salon.carrier.applications(ACCOUNT);
    const elsewhere = 'https://elsewhere.example/voice';
    await salon.carrier.change(ACCOUNT, `Applications/${application?.sid}`, { VoiceUrl: elsewhere });
    const number = await salon.carrier.number(NUMBER);
    await salon.carrier.change(ACCOUNT, `IncomingPhoneNumbers/${number?.sid}`, { VoiceApplicationSid: '', SmsUrl: elsewhere });

    await page.getByRole('button', { name: 'Compare now' }).click();
    await expect(page.getByText('3 things are not as they should be.')).toBeVisible();
    const difference = page.getByRole('listitem').filter({ hasText: 'Address for calls' });
    await expect(difference.getByRole('definition')).toHaveText([application?.voice_url ?? '', elsewhere]);
    await difference.getByRole('button', { name: 'Repair Address for calls of TwiML application' }).click();
    await expect(page.getByText('2 things are not as they should be.')).toBeVisible();
    expect(await salon.carrier.applications(ACCOUNT)).toMatchObject([{ voice_url: application?.voice_url }]);

    await page.getByRole('button', { name: 'Repair everything' }).click();
    await expect(page.getByText('Everything is as it should be.')).toBeVisible();
    const { voice_application_sid, sms_url } = number ?? {};
    expect(await salon.carrier.number(NUMBER)).toMatchObject({ voice_application_sid, sms_url });
  });

  test('another key and another token are made only when it was read what comes of it', async ({ salon }) => {
    const page = await settings(salon, { javaScriptEnabled: false });
    await connect(page);
    /** Somebody reads what comes of it and leaves it, and does it the second time. */
    const replace = async (what: string, words: RegExp, deed: string, isAsBefore: () => Promise<void>) => {
      await page.getByRole('link', { name: what }).click();
      await expect(page.getByRole('listitem').filter({ hasText: words })).toBeVisible();
      await page.getByRole('link', { name: 'Leave everything as it is' }).click();
      await page.getByRole('link', { name: what }).click();
      await isAsBefore();
      await page.getByRole('button', { name: deed }).click();
    };
    const before = await salon.carrier.keys(ACCOUNT.sid);
    expect(before).toHaveLength(1);
    await replace('Make a new API key', /refuses at once every other program/, 'Replace the API key', async () => {
      expect(await salon.carrier.keys(ACCOUNT.sid)).toEqual(before);
    });
    await expect(page.getByRole('status')).toHaveText('A new API key is in use.');
    const after = await salon.carrier.keys(ACCOUNT.sid);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    await expect(page.getByText(after[0]!)).toBeVisible();

    await replace('Change the auth token', /every other program that uses it/, 'Change it for good', async () => {
      expect(await salon.carrier.opens(ACCOUNT)).toBe(true);
    });
    await expect(page.getByRole('status')).toHaveText('A new auth token is in use.');
    expect(await salon.carrier.opens(ACCOUNT)).toBe(false);
    await expect(page.getByText('Everything is as it should be.')).toBeVisible();
  });

  test('a number that vanished is named and can be forgotten', async ({ salon }) => {
    const page = await settings(salon, { javaScriptEnabled: false });
    await connect(page);
    await salon.carrier.vanish(NUMBER);
    await page.getByRole('button', { name: 'Compare now' }).click();
    await expect(page.getByText(`${NUMBER} is no longer a number of this account.`)).toBeVisible();
    await page.getByRole('button', { name: 'Forget this number' }).click();
    await expect(page.getByText('Everything is as it should be.')).toBeVisible();
  });
});

test('agents neither see the settings nor change them', async ({ salon }) => {
  const context = await salon.browserOf(ANA);
  const page = await context.newPage();
  const answer = await page.goto('/settings/twilio');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('heading', { name: 'This is not for you' })).toBeVisible();
  await expect(page.getByLabel('Account SID')).toHaveCount(0);
  for (const question of ['key', 'token']) {
    expect((await page.goto(`/settings/twilio/${question}`))?.status()).toBe(403);
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  }
  expect((await context.request.post('/settings/twilio/restore')).status()).toBe(403);
  await page.goto('/calls');
  await expect(page.getByRole('link', { name: 'Twilio' })).toHaveCount(0);
});
