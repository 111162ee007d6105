// A program elsewhere is told what happens to calls; what it did not take is seen, and sent again.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { Crm } from '../fixtures/crm.ts';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA } from '../fixtures/people.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Adds an address for these events; answers its secret. */
async function add(page: Page, crm: Crm, ...events: string[]): Promise<string> {
  await page.goto('/settings/webhooks');
  await page.getByLabel('Name').fill('CRM');
  await page.getByLabel('Address').fill(crm.url);
  for (const event of events) await page.getByLabel(event, { exact: false }).check();
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  return page.getByLabel('Its secret').inputValue();
}

test('a program is told of a call from its arrival to its end, signed', async ({ salon }) => {
  const crm = await Crm.open();
  await salon.onDuty(ANA);
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/webhooks');
  await expect(page.getByText('No webhooks yet')).toBeVisible();
  const secret = await add(page, crm, 'call.arrived', 'call.ringing', 'call.answered');
  expect(secret).toMatch(/^whsec_/);
  await page.goto('/settings/webhooks');
  expect(await page.content()).not.toContain(secret);

  const ana = await salon.floorOf(ANA);
  const call = await salon.talk(MARIA, ANA, ana);
  await salon.carrier.hangUp(call);
  await ana.isGone(MARIA);
  await crm.hears(4);
  const told = crm.told(secret);
  expect(told.map(({ type }) => type)).toEqual(['call.arrived', 'call.ringing', 'call.answered', 'call.ended']);
  expect(told[1]!.data).toMatchObject({ agent: ANA.id, by: null, call: { ringing: ANA.id, place: 'queue' } });
  expect(told[3]!.data.call).toMatchObject({ id: call, name: MARIA.name, number: MARIA.number, outcome: 'answered', agent: ANA.id });
  const other = new Webhook('whsec_' + Buffer.from('somebody else entirely, 24').toString('base64'));
  expect(() => other.verify(crm.requests[0]!.body, crm.requests[0]!.headers as Record<string, string>)).toThrow();

  // A new secret; for a day both count.
  await page.getByRole('link', { name: 'CRM' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const next = await page.getByLabel('Its secret').inputValue();
  expect(next).not.toBe(secret);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await crm.hears(5);
  for (const one of [secret, next]) {
    const { headers, body } = crm.requests[4]!;
    expect(new Webhook(one).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'test' });
  }
  await crm.close();
});

test('what was not taken is in the log, and sent again with a click', async ({ salon }) => {
  const crm = await Crm.open();
  crm.status = 503;
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await add(page, crm);
  await salon.onDuty();
  const floor = await salon.floorOf(CRISTINA);
  const call = await salon.carrier.call(MARIA);
  await floor.isWaiting(MARIA);
  await salon.carrier.hangUp(call);
  await crm.hears(1);
  await page.getByRole('link', { name: 'CRM' }).click();
  const delivery = page.getByRole('listitem').filter({ hasText: 'call.ended' });
  await expect(async () => {
    await page.reload();
    await expect(delivery).toContainText('Waiting', { timeout: 500 });
    await expect(page.getByText('Nothing was taken for a while')).toBeVisible({ timeout: 500 });
  }).toPass();
  await delivery.locator('summary').click();
  await expect(delivery).toContainText(/503 Refused\s*closed for stocktaking/);
  await expect(delivery.locator('pre')).toContainText(MARIA.number);

  crm.status = 204;
  await delivery.getByRole('button', { name: 'Send again: call.ended' }).click();
  await expect(page.getByText('It is on its way')).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(delivery).toContainText('Delivered', { timeout: 500 });
  }).toPass();
  const names = crm.requests.map(({ headers }) => headers['webhook-id']);
  expect(new Set(names).size).toBe(1);

  await page.getByRole('button', { name: 'Switch off' }).click();
  await expect(page.getByText('It is switched off')).toBeVisible();
  await page.getByRole('button', { name: 'Remove this webhook' }).click();
  await expect(page.getByText('Tick this first')).toBeVisible();
  await page.getByLabel('I mean it').check();
  await page.getByRole('button', { name: 'Remove this webhook' }).click();
  await expect(page.getByText('No webhooks yet')).toBeVisible();
  await crm.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages are accessible and fit on a phone, ${colorScheme}`, async ({ salon }) => {
    const crm = await Crm.open();
    crm.status = 500;
    const page = await (await salon.browserOf(CRISTINA, { ...PHONE, colorScheme })).newPage();
    const isFine = async (what: string) => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, what).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`), what).toEqual([]);
    };
    await page.goto('/settings/webhooks');
    await isFine('nothing yet');
    await page.getByLabel('Somebody calls').check();
    await page.getByLabel('Name').fill('CRM');
    await page.getByLabel('Address').fill('crm.example');
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await expect(page.getByText('Write an address like https://')).toBeVisible();
    await isFine('a fault');
    await add(page, crm, 'call.arrived');
    await isFine('one, with its secret');
    await page.getByRole('link', { name: 'CRM' }).click();
    await isFine('one that was told nothing');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await crm.hears(1);
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('Nothing was taken for a while')).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.locator('summary').last().click();
    await isFine('a delivery');
    await page.goto('/api/docs#webhooks');
    await expect(page.getByRole('heading', { name: 'Webhooks' })).toBeVisible();
    await isFine('what is sent');
    await crm.close();
  });
}
