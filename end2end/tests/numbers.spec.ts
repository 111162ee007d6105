// A number is bought by what is on the screen, only those who answer it are rung for it, and it is given back.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { ANA, BOOKINGS, CRISTINA, ELENA, GEORGE, MARIA } from '../fixtures/people.ts';

const SAN_FRANCISCO = { number: '+14155550013', words: '+1 415 555 0013' };

/** Finds a number as somebody types what they want. */
async function find(page: Page, country: string, kind: string, contains: string): Promise<void> {
  await page.getByLabel('Country').selectOption(country);
  await page.getByLabel('Kind').selectOption(kind);
  await page.getByLabel('With these digits or letters').fill(contains);
  await page.getByRole('button', { name: 'Find numbers' }).click();
}

test('a number is bought, rings only at the one who answers it, and is given back', async ({ salon }) => {
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/numbers');
  await page.getByRole('link', { name: 'Buy a number' }).click();
  await find(page, 'United States', 'Local', '+1 (415) 555');
  const offer = page.getByRole('listitem').filter({ hasText: SAN_FRANCISCO.words });
  await expect(offer).toContainText('San Francisco · calls and texts · no papers needed');
  await expect(offer).toContainText('1.15 USD a month');
  await offer.getByRole('button', { name: `Choose ${SAN_FRANCISCO.words}` }).click();
  await page.getByLabel('Name').fill('San Francisco');
  expect(await salon.carrier.number(SAN_FRANCISCO.number), 'nothing is bought before it is confirmed').toBeUndefined();
  await page.getByRole('button', { name: 'Buy for 1.15 USD a month' }).click();
  await expect(page.getByRole('status')).toHaveText(/rings here/);
  const { voice_application_sid } = (await salon.carrier.number(BOOKINGS)) ?? {};
  expect(await salon.carrier.number(SAN_FRANCISCO.number)).toMatchObject({ voice_application_sid });

  await expect(page.getByLabel(ELENA.name), 'people are there once they are to be chosen').toBeHidden();
  await page.getByLabel('Only these people').check();
  await page.getByLabel(ELENA.name).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');

  // Ana is the one who waits longest, and does not answer it.
  await salon.onDuty(ANA, ELENA);
  const floor = await salon.floorOf(ELENA);
  await salon.carrier.call(MARIA, {}, SAN_FRANCISCO.number);
  await floor.isWith(MARIA, ELENA, 'Ringing');
  await expect.poll(() => salon.carrier.caller(MARIA)).toMatchObject({ ringsAt: 'elena' });
  await salon.carrier.answer(ELENA);
  await floor.isWith(MARIA, ELENA);
  // The next one waits for her, while callers of other numbers do not.
  await salon.carrier.call(GEORGE, {}, SAN_FRANCISCO.number);
  await floor.isWaiting(GEORGE);
  await floor.isDoing(ANA, 'Available');
  expect(await salon.carrier.caller(GEORGE)).toMatchObject({ ringsAt: null, talksTo: null });
  await salon.agrees(floor);

  await page.goto('/people/elena');
  await expect(page.getByLabel(`San Francisco (${SAN_FRANCISCO.words})`)).toBeChecked();
  await page.goto('/settings/numbers');
  await expect(page.getByRole('row', { name: /San Francisco/ })).toContainText(ELENA.name);
  await page.getByRole('link', { name: 'Edit San Francisco' }).click();
  await page.getByRole('link', { name: 'Give the number back' }).click();
  await expect(page.getByRole('heading', { name: `Give ${SAN_FRANCISCO.words} back?` })).toBeVisible();
  await page.getByRole('button', { name: 'Give it back for good' }).click();
  await expect(page.getByRole('status')).toHaveText('The number was given back.');
  expect(await salon.carrier.number(SAN_FRANCISCO.number)).toBeUndefined();
  await expect(page.getByRole('link', { name: 'Edit San Francisco' })).toHaveCount(0);
});

test.describe('without scripts', () => {
  test('hours are set, what is wrong with them stands beside the day, and callers hear that it is closed', async ({ salon }) => {
    const page = await (await salon.browserOf(CRISTINA, { javaScriptEnabled: false })).newPage();
    await page.goto('/settings/numbers');
    await page.getByRole('link', { name: 'Edit Bookings' }).click();
    await expect(page.getByRole('group', { name: 'The week' })).toBeHidden();
    await page.getByLabel('Only at these hours').check();
    await expect(page.getByLabel('Monday: opens', { exact: true }), 'the usual hours are suggested').toHaveValue('09:00');
    await page.getByLabel('Tuesday: closes', { exact: true }).fill('08:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByLabel('Tuesday: closes', { exact: true })).toHaveAccessibleDescription(/the earlier first/);
    await expect(page.getByLabel('Tuesday: closes', { exact: true })).toHaveValue('08:00');
    await expect(page.getByLabel('Monday: opens', { exact: true })).not.toHaveAttribute('aria-invalid', 'true');

    // No hours at all, whatever the day is.
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
      await page.getByLabel(`${day}: opens`, { exact: true }).fill('');
      await page.getByLabel(`${day}: closes`, { exact: true }).fill('');
    }
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toHaveText('Saved.');
    await page.goto('/settings/numbers');
    await expect(page.getByRole('row', { name: /Bookings/ })).toContainText('Always closed');

    await salon.onDuty(ANA);
    await salon.carrier.call(MARIA);
    await expect.poll(async () => Object.keys(await salon.carrier.callers())).toEqual([]);
    await page.goto('/calls');
    await expect(page.getByRole('row', { name: /Maria Enache/ })).toContainText('Outside hours');
  });
});

test('what Twilio does not sell without papers is said, and what was typed stays', async ({ salon }) => {
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/numbers/new');
  await expect(page.getByLabel('Country'), 'one looks at home first').toHaveValue('RO');
  await find(page, 'Romania', 'Local', '');
  const offer = page.getByRole('listitem').first();
  await expect(offer).toContainText('needs an address in the country · needs a regulatory bundle');
  await offer.getByRole('button').click();
  await expect(page.getByText('Romania: Local - Individual; Romania: Local - Business')).toBeVisible();
  await page.getByLabel('Name').fill('Second desk');
  await page.getByRole('button', { name: /^Buy for/ }).click();
  await expect(page.getByRole('alert')).toHaveText(/wants a regulatory bundle/);
  await expect(page.getByLabel('Name')).toHaveValue('Second desk');
  await page.getByLabel('Bundle SID').fill('BU0123456789abcdef0123456789abcdef');
  await page.getByRole('button', { name: /^Buy for/ }).click();
  await expect(page.getByRole('heading', { name: 'Second desk' })).toBeVisible();
});
