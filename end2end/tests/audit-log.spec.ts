// What administrators do is written down, and administrators read it.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MIHAI } from '../fixtures/people.ts';

/** Saves what is said of somebody; which numbers they answer is another form. */
async function save(page: Page): Promise<void> {
  await page.locator('form', { has: page.getByLabel('Role') }).getByRole('button', { name: 'Save' }).click();
}

test('a change of somebody’s role is in the log, with what it was before', async ({ salon }) => {
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/log');
  const rows = page.getByRole('table').locator('tbody').getByRole('row');
  // Until somebody does something there is only what the demo set up for itself.
  await expect(rows.last()).toContainText('Connected with Twilio');
  const before = await rows.count();
  await expect(rows.filter({ hasText: 'Switchyard' })).toHaveCount(before);

  await page.goto('/people/ana');
  await page.getByLabel('Role').selectOption({ label: 'Supervisor' });
  await save(page);
  await expect(page.getByRole('status')).toHaveText(/Saved/);
  // Saved again as it is, it is no change.
  await save(page);
  await expect(page.getByRole('status')).toHaveText(/Saved/);
  await page.getByRole('button', { name: 'Make a link for a new password' }).click();
  const link = await page.getByLabel(`Link for ${ANA.name}`).inputValue();

  await page.getByRole('link', { name: 'Log' }).click();
  await expect(rows).toHaveCount(before + 2);
  await expect(rows.nth(0)).toContainText(`Made a link for ${ANA.name}`);
  await expect(rows.nth(1)).toContainText(`Changed ${ANA.name}`);
  await expect(rows.nth(1)).toContainText('Role: Agent → Supervisor');
  await expect(rows.nth(1)).toContainText(CRISTINA.name);
  const token = link.split('/').pop()!;
  expect(await page.content(), 'nothing secret is in it').not.toContain(token);

  // Whoever may not set the workspace up may not read it either.
  const ana = await (await salon.browserOf(ANA)).newPage();
  await ana.goto('/settings/log');
  await expect(ana.getByText(`Changed ${ANA.name}`)).toHaveCount(0);
  await expect(ana.getByRole('link', { name: 'Log' })).toHaveCount(0);
});

test('a new name and a new role are on every floor that is open', async ({ salon }) => {
  const mihai = await salon.floorOf(MIHAI);
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/people/ana');
  await page.getByLabel('Name', { exact: true }).fill('Ana Ionescu-Popescu');
  await page.getByLabel('Role').selectOption({ label: 'Supervisor' });
  await save(page);
  await expect(page.getByRole('status')).toHaveText(/Saved/);
  const card = mihai.page.getByRole('article', { name: 'Ana Ionescu-Popescu' });
  await expect(card.getByRole('heading')).toHaveText('Ana Ionescu-Popescu');
  await expect(card).toContainText('ext. 101 · Supervisor');
});
