import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';

test('switching to Romanian translates the board, for good, and back', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  const { page } = ana;
  await page.getByRole('link', { name: 'Română' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ro');
  await expect(page.getByRole('main', { name: 'Sală' })).toBeVisible();
  const card = page.getByRole('region', { name: 'Agenți' }).getByRole('article', { name: ANA.name, exact: true });
  await expect(card.getByText('În convorbire', { exact: true }).first()).toBeVisible();
  await expect(card.getByRole('article', { name: `Apel cu ${MARIA.name}` })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Parcare apeluri' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'În așteptare' })).toBeVisible();
  await expect(page.getByText('În direct', { exact: true })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('main', { name: 'Sală' })).toBeVisible();
  await page.getByRole('link', { name: 'English' }).click();
  await ana.isLive();
  await ana.isWith(MARIA, ANA);
});

test.describe('a browser that prefers Romanian', () => {
  test.use({ locale: 'ro-RO' });

  test('is greeted in Romanian', async ({ page, salon }) => {
    await page.goto(salon.server.url);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ro');
    await expect(page.getByLabel('Parol')).toBeVisible();
  });
});
