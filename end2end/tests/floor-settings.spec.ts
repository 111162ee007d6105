// How calls are handled is chosen on a page, and every open floor follows at once.
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA } from '../fixtures/people.ts';

const PAGE = '/settings/floor';

test('what is chosen holds at once: the lot has so many slots, and a phone rings so long', async ({ salon }) => {
  const floor = await salon.floorOf(ANA);
  await expect(floor.slot(10)).toBeVisible();
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/profile');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Calls' }).click();
  await page.getByLabel('Slots in the parking lot').fill('3');
  await page.getByLabel('Ring an agent for (seconds)').fill('5');
  await page.getByLabel('Set away after missed calls in a row').fill('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');
  await expect(floor.slot(3)).toBeVisible();
  await expect(floor.slot(4), 'the open floor follows').toHaveCount(0);

  // One call that she lets ring is one too many now.
  await salon.carrier.phone(ANA, { answers: 'never' });
  await salon.onDuty(ANA);
  await salon.carrier.call(MARIA);
  await floor.isDoing(ANA, 'Away');
  await floor.isWaiting(MARIA);

  // A slot with a call in it stays.
  const cristina = await salon.floorOf(CRISTINA);
  await cristina.choose(MARIA, 'Park in slot 3');
  await cristina.isParked(MARIA, 3);
  await page.getByLabel('Slots in the parking lot').fill('2');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Slots in the parking lot')).toHaveAttribute('aria-invalid', 'true');
  await cristina.isParked(MARIA, 3);

  await page.goto('/settings/log');
  await expect(page.getByRole('row', { name: /Changed how calls are handled/ })).toContainText('Slots in the parking lot');
});
