import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

const seat = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Agents' }).getByRole('article', { name, exact: true });

test('from the first page to an invited colleague on the floor, and to their leaving', async ({ page, browser, office }) => {
  // Whoever finds the server without its code gets no further.
  await page.goto(`${office.url}/calls`);
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
  await expect(page.getByLabel('Set-up code')).toHaveValue('');

  await office.found(page);
  expect((await page.goto(`${office.url}/welcome`))?.status()).toBe(404);

  const link = await office.invite(page, 'Ina Radu', 'ina@nord.example');
  await page.getByRole('link', { name: 'All people' }).click();
  await expect(page.getByRole('row', { name: /Ina Radu/ })).toContainText('Invited');

  await page.goto(office.url);
  await expect(seat(page, 'Olga Pop')).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(seat(page, 'Ina Radu')).toHaveCount(0);

  const theirs = await browser.newContext({ locale: 'en-GB' });
  const ina = await theirs.newPage();
  await ina.goto(link);
  await expect(ina.getByText('You are invited to Atelier Nord as ina@nord.example.')).toBeVisible();
  await ina.getByLabel('Password').fill('ina has a password');
  await ina.getByRole('button', { name: 'Come in' }).click();
  await expect(seat(ina, 'Ina Radu')).toBeVisible();
  await expect(ina.getByText('Live', { exact: true })).toBeVisible();
  // The owner, whose page was open all the while, sees her come.
  await expect(seat(page, 'Ina Radu')).toBeVisible();
  await ina.getByRole('article', { name: 'Ina Radu' }).getByRole('button', { name: 'Away' }).click();
  await expect(seat(page, 'Ina Radu').getByText('Away', { exact: true }).first()).toBeVisible();

  // There is no telephone network yet, and the phone says so.
  await theirs.grantPermissions(['microphone'], { origin: office.url });
  await ina.getByRole('button', { name: /Switch the phone on|Go available/ }).first().click();
  await expect(ina.getByText('This workspace is not connected to Twilio yet')).toBeVisible();

  // The link worked once.
  const thief = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await thief.goto(link);
  await expect(thief.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();

  // She leaves: her page is signed out at once, and her seat is gone from every floor.
  const desk = await page.context().newPage();
  await desk.goto(`${office.url}/people`);
  await desk.getByRole('link', { name: 'Edit Ina Radu' }).click();
  await desk.getByRole('button', { name: 'Deactivate' }).click();
  await expect(desk.getByText('Deactivated', { exact: true })).toBeVisible();
  await expect(ina).toHaveURL(/\/sign-in/);
  await expect(seat(page, 'Ina Radu')).toHaveCount(0);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the first run, the people and the profile work', async ({ page, office }) => {
    await office.found(page);
    await page.getByRole('link', { name: 'Add a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Ina Radu');
    await page.getByLabel('Email').fill('olga@nord.example');
    await page.getByLabel('Extension').fill('101');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    // What is wrong stands beside the field, and what was typed is still there.
    await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/already has this address/);
    await expect(page.getByLabel('Extension')).toHaveAccessibleDescription(/already has this extension.*102 is free/);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ina Radu');

    await page.getByRole('link', { name: 'Your profile' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Olga Popescu');
    await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Română' });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Salvat.')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ro');
    await page.getByRole('button', { name: 'Deconectare de peste tot' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
  });
});
