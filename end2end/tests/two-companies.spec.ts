// Two companies on one installation, each with its Twilio account, its number and its people, at the same time.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { stranger, type Caller } from '../fixtures/people.ts';

const NORD = { account: { sid: 'ACfeedfacefeedfacefeedfacefeedface', token: '00112233445566778899aabbccddeeff' }, number: '+40364400001', caller: stranger(1) };
const SUD = { account: { sid: 'ACdeadbeefdeadbeefdeadbeefdeadbeef', token: 'ffeeddccbbaa99887766554433221100' }, number: '+40364400002', caller: stranger(2) };

const waiting = (page: Page, caller: Caller) => page.getByRole('region', { name: 'Waiting' }).getByText(caller.name).first();

test('two companies at once never meet', async ({ page: nord, browser, office }) => {
  for (const { account, number } of [NORD, SUD]) await office.carrier.open(account, number);
  await office.found(nord);
  const owner = ['--owner-email', 'sorin@sud.example', '--owner-name', 'Sorin Dan'];
  const printed = await office.command('workspace', 'create', '--name', 'Salon Sud', '--country', 'RO', ...owner);
  const sud = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await sud.goto(/http\S+/.exec(printed)![0]);
  await sud.getByLabel('Password').fill('sorin has a password');
  await sud.getByRole('button', { name: 'Come in' }).click();

  await nord.goto(office.url);
  await sud.goto(office.url);
  await office.connect(nord, NORD.account, NORD.number);
  // What one company has at Twilio is not offered to the other, nor is its account.
  await sud.getByRole('link', { name: 'Connect Twilio' }).click();
  await sud.getByLabel('Account SID').fill(NORD.account.sid);
  await sud.getByLabel('Auth token').fill(NORD.account.token);
  await sud.getByRole('button', { name: 'Connect' }).click();
  await expect(sud.getByRole('alert')).toBeVisible();
  await sud.goto(office.url);
  await office.connect(sud, SUD.account, SUD.number);

  const sids = await Promise.all([NORD, SUD].map(({ caller, number }) => office.carrier.call(caller, {}, number)));
  await expect(waiting(nord, NORD.caller)).toBeVisible();
  await expect(waiting(sud, SUD.caller)).toBeVisible();
  await expect(nord.getByText(SUD.caller.name)).toHaveCount(0);
  await expect(sud.getByText(NORD.caller.name)).toHaveCount(0);
  await expect(nord.getByText('Sorin Dan')).toHaveCount(0);
  await expect(sud.getByText('Olga Pop')).toHaveCount(0);

  for (const sid of sids) await office.carrier.hangUp(sid);
  for (const [page, own, other] of [[nord, NORD, SUD], [sud, SUD, NORD]] as const) {
    await expect(waiting(page, own.caller)).toBeHidden();
    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByText(own.caller.name).first()).toBeVisible();
    await expect(page.getByText(other.caller.name)).toHaveCount(0);
  }
});
