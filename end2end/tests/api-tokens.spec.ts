// A token is made on a page, a program uses it, and what can be asked is told on another page.
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA } from '../fixtures/people.ts';

test('a program asks with the token that was shown once, until it is revoked', async ({ salon, request }) => {
  await salon.onDuty(ANA);
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/api');
  await expect(page.getByText('There are no tokens yet')).toBeVisible();
  await page.getByLabel('Name').fill('Reports');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByText('Choose at least one scope.')).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Reports');
  await page.getByLabel('Read calls, live and past').check();
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.getByLabel('Your new token').inputValue();

  const call = await salon.carrier.call(MARIA);
  const ask = (path: string) => request.get(`${salon.server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  await expect.poll(async () => (await (await ask('/calls/live')).json()).map(({ id }: { id: string }) => id)).toEqual([call]);
  const denied = await ask('/people');
  expect(denied.status()).toBe(403);
  const { type } = await denied.json();

  // Where a problem leads, it is told.
  await page.goto(type);
  await expect(page.locator(new URL(page.url()).hash)).toContainText('The token may not be used for this');
  await expect(page.getByRole('heading', { name: 'GET /api/v1/calls/live' })).toBeVisible();

  await page.goto('/settings/api');
  await expect(page.getByRole('row', { name: /Reports/ })).toContainText('calls:read');
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: 'Revoke Reports' }).click();
  await expect(page.getByRole('row', { name: /Reports/ })).toContainText('Revoked');
  expect((await ask('/calls')).status()).toBe(401);
});
