// Two companies on one installation, each with its Twilio account, its number and its people, at the same time.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { Office } from '../fixtures/office.ts';
import { stranger, type Caller } from '../fixtures/people.ts';
import { Phone, withMicrophone } from '../fixtures/phone.ts';

const NORD = {
  name: 'Atelier Nord',
  account: { sid: 'ACfeedfacefeedfacefeedfacefeedface', token: '00112233445566778899aabbccddeeff' },
  number: '+40364400001',
  owner: { id: 'owner', name: 'Olga Pop' },
  caller: stranger(1),
  tones: { owner: 700, caller: 440 },
};
const SUD = {
  name: 'Salon Sud',
  account: { sid: 'ACdeadbeefdeadbeefdeadbeefdeadbeef', token: 'ffeeddccbbaa99887766554433221100' },
  number: '+40364400002',
  owner: { id: 'owner', name: 'Sorin Dan' },
  caller: stranger(2),
  tones: { owner: 1000, caller: 560 },
};

const waiting = (page: Page, caller: Caller) => page.getByRole('region', { name: 'Waiting' }).getByText(caller.name).first();

/** Both owners at their floors, each with a microphone; the page of the second is answered. Nothing is connected yet. */
async function opened(nord: Page, browser: Browser, office: Office): Promise<Page> {
  for (const { account, number } of [NORD, SUD]) await office.carrier.open(account, number);
  await withMicrophone(nord.context(), { hertz: NORD.tones.owner });
  await office.found(nord);
  const owner = ['--owner-email', 'sorin@sud.example', '--owner-name', SUD.owner.name];
  const printed = await office.command('workspace', 'create', '--name', SUD.name, '--country', 'RO', ...owner);
  const context = await browser.newContext({ locale: 'en-GB' });
  await withMicrophone(context, { hertz: SUD.tones.owner });
  const sud = await context.newPage();
  await sud.goto(/http\S+/.exec(printed)![0]);
  await sud.getByLabel('Password').fill('sorin has a password');
  await sud.getByRole('button', { name: 'Come in' }).click();
  for (const page of [nord, sud]) await page.goto(office.url);
  return sud;
}

/** Somebody calls each company. */
function call(office: Office): Promise<string[]> {
  return Promise.all([NORD, SUD].map(({ caller, number, tones }) => office.carrier.call(caller, { sends: { tone: tones.caller } }, number)));
}

test('two companies at once never meet', async ({ page: nord, browser, office }) => {
  test.slow();
  const { carrier } = office;
  const sud = await opened(nord, browser, office);
  await office.connect(nord, NORD.account, NORD.number);
  // What one company has at Twilio is not offered to the other, nor is its account.
  await sud.getByRole('link', { name: 'Connect Twilio' }).click();
  await sud.getByLabel('Account SID').fill(NORD.account.sid);
  await sud.getByLabel('Auth token').fill(NORD.account.token);
  await sud.getByRole('button', { name: 'Connect' }).click();
  await expect(sud.getByRole('alert')).toBeVisible();
  await sud.goto(office.url);
  await office.connect(sud, SUD.account, SUD.number);

  const sids = await call(office);
  await expect(waiting(nord, NORD.caller)).toBeVisible();
  await expect(waiting(sud, SUD.caller)).toBeVisible();
  await expect(nord.getByText(SUD.caller.name)).toHaveCount(0);
  await expect(sud.getByText(NORD.caller.name)).toHaveCount(0);
  await expect(nord.getByText(SUD.owner.name)).toHaveCount(0);
  await expect(sud.getByText(NORD.owner.name)).toHaveCount(0);

  // In both somebody answers.
  const phones = [NORD, SUD].map(({ owner }, at) => new Phone([nord, sud][at]!, carrier, owner));
  const talks = [NORD, SUD].map((own, at) => ({ own, other: [SUD, NORD][at]!, phone: phones[at]!, sid: sids[at]! }));
  for (const { own, phone } of talks) {
    // Somebody waits already: it rings as soon as it is on.
    await phone.press('Go available');
    await phone.rings(own.caller);
    await phone.press('Answer');
    await phone.isOnACallWith(own.caller);
  }
  for (const { own, phone, sid } of talks) {
    await phone.hears(own.tones.caller);
    await carrier.hears(sid, own.tones.owner);
  }
  // All four speak now, and nobody hears anybody of the other company.
  for (const { other, phone, sid } of talks) {
    for (const tone of Object.values(other.tones)) {
      await phone.hearsNot(tone);
      await carrier.hearsNot(sid, tone);
    }
  }
  // When one company hangs up, the other talks on.
  await phones[0]!.press('Hang up');
  await carrier.isOver(sids[0]!);
  await phones[1]!.hears(SUD.tones.caller);
  await carrier.hears(sids[1]!, SUD.tones.owner);
  await phones[1]!.press('Hang up');
  await carrier.isOver(sids[1]!);

  for (const { own, other, phone } of talks) {
    const { page } = phone;
    await phone.isReady();
    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByRole('row', { name: new RegExp(own.caller.name.replace('+', '\\+')) })).toContainText('Answered');
    await expect(page.getByText(other.caller.name)).toHaveCount(0);
  }
});

test('whoever belongs to both changes between them on any page, and sees one at a time', async ({ page, browser, office }) => {
  test.slow();
  const sud = await opened(page, browser, office);
  await office.connect(page, NORD.account, NORD.number);
  await office.connect(sud, SUD.account, SUD.number);
  await page.goto(`${office.url}/calls`);
  await expect(page.getByText(NORD.name), 'who has one workspace is not asked').toHaveCount(0);
  await page.goto(await office.invite(sud, NORD.owner.name, 'olga@nord.example'));
  await page.getByLabel('Password').fill('olga has a password');
  await page.getByRole('button', { name: 'Come in' }).click();
  const sids = await call(office);

  /** From one company to the other, on a small screen too. */
  const change = async (from: typeof NORD, to: typeof NORD) => {
    await page.locator('summary').filter({ hasText: from.name }).click();
    await expect(page.getByRole('button', { name: `Go to ${to.name}` })).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
    await page.getByRole('button', { name: `Go to ${to.name}` }).click();
    await expect(waiting(page, to.caller)).toBeVisible();
    await expect(page.getByText(from.caller.name)).toHaveCount(0);
  };
  await expect(waiting(page, SUD.caller)).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await change(SUD, NORD);
  let [here, there] = [NORD, SUD];
  for (const path of ['/calls', '/voicemail', '/contacts', '/contacts/new', '/profile']) {
    await page.goto(office.url + path);
    await change(here, there);
    [here, there] = [there, here];
  }

  for (const sid of sids) await office.carrier.hangUp(sid);
  for (const _ of [1, 2]) {
    await expect(waiting(page, here.caller)).toBeHidden();
    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByText(here.caller.name).first()).toBeVisible();
    await expect(page.getByText(there.caller.name)).toHaveCount(0);
    await page.locator('summary').filter({ hasText: here.name }).click();
    await page.getByRole('button', { name: `Go to ${there.name}` }).click();
    [here, there] = [there, here];
  }
});
