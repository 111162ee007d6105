import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import { everyPage } from '../fixtures/pages.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, CRISTINA, ELENA, FRONT_DESK, GEORGE, IRINA, MARIA, MIHAI, SOFIA, VICTOR } from '../fixtures/people.ts';

const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const SCREENS = [
  { name: 'a desktop, light', options: { ...DESKTOP, colorScheme: 'light' } },
  { name: 'a desktop, dark', options: { ...DESKTOP, colorScheme: 'dark' } },
  { name: 'a phone, light', options: { ...PHONE, colorScheme: 'light' } },
  { name: 'a phone, dark', options: { ...PHONE, colorScheme: 'dark' } },
] as const;

for (const { name, options } of SCREENS) {
  test.describe(`on ${name}`, () => {
    test.use(options);

    test('signing in is accessible', async ({ page, salon }) => {
      await page.goto(salon.server.url);
      await expect(page.getByRole('button', { name: ANA.name })).toBeVisible();
      await isAccessible(page, 'sign-in');
    });

    test('the settings for Twilio are accessible, also when something is wrong', async ({ salon }) => {
      const context = await salon.browserOf(CRISTINA, options);
      const page = await context.newPage();
      await page.goto('/settings/twilio?error=credentials&account=AC1');
      await expect(page.getByRole('heading', { name: 'Numbers' })).toBeVisible();
      await isAccessible(page, 'credentials refused');
      await salon.carrier.vanish(FRONT_DESK);
      await page.getByRole('button', { name: 'Compare now' }).click();
      await expect(page.getByRole('button', { name: 'Forget this number' })).toBeVisible();
      await isAccessible(page, 'a number that vanished');
    });

    test('the numbers, one of them, and buying are accessible', async ({ salon }) => {
      const page = await (await salon.browserOf(CRISTINA, options)).newPage();
      await page.goto('/settings/numbers');
      await isAccessible(page, 'numbers');
      await page.goto('/settings/numbers/40312345678');
      await page.getByLabel('Only these people').check();
      await page.getByLabel('Only at these hours').check();
      await page.getByLabel('Monday: closes', { exact: true }).fill('08:00');
      await isAccessible(page, 'a number');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByLabel('Monday: closes', { exact: true })).toHaveAttribute('aria-invalid', 'true');
      await isAccessible(page, 'a number with faults');
      await page.goto('/settings/numbers/40312345678/release');
      await isAccessible(page, 'giving a number back');
      await page.goto('/settings/numbers/new?country=RO&kind=local');
      await isAccessible(page, 'numbers to buy');
      await page.getByRole('button', { name: /^Choose/ }).first().click();
      await expect(page.getByLabel('Bundle SID')).toBeVisible();
      await isAccessible(page, 'the last question');
    });

    test('the floor, its menu and the history are accessible', async ({ salon }) => {
      const ana = await salon.floorOf(ANA, options);
      await isAccessible(ana.page, 'empty floor');
      await makeBusy(salon, ana);
      await isAccessible(ana.page, 'busy floor');
      await ana.menu(MARIA);
      await isAccessible(ana.page, 'menu');
      await ana.page.keyboard.press('Escape');
      await ana.call(MARIA).focus();
      await ana.page.keyboard.press('Space');
      await ana.says('Picked up');
      // Where it cannot go is dimmed like any inactive control, and its colours are judged above.
      await isAccessible(ana.page, 'call in the hand', '[data-may=no]');
      await ana.page.goto('/calls');
      await expect(ana.page.getByText(GEORGE.name)).toBeVisible();
      await isAccessible(ana.page, 'history');
    });

    // Each theme and each width once: there are many pages.
    if (options === SCREENS[0].options || options === SCREENS[3].options) {
      test('every page is accessible', async ({ browser, salon, office }) => {
        test.setTimeout(300_000);
        await everyPage({ browser, salon, office }, options, (page, route) => isAccessible(page, route));
      });
    }

    test('a form with a fault and a page of others are accessible', async ({ salon }) => {
      const page = await (await salon.browserOf(CRISTINA, options)).newPage();
      await page.goto('/profile');
      await page.getByLabel('Current password').fill('not the password');
      await page.getByLabel('New password').fill('a new password');
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
      await isAccessible(page, 'a form with a fault');
      const denied = await (await salon.browserOf(ANA, options)).newPage();
      await denied.goto('/people');
      await isAccessible(denied, 'a page of others');
    });

    test('the first run and an invitation are accessible', async ({ page, office }) => {
      await page.goto(await office.printed());
      await isAccessible(page, 'welcome');
      await office.found(page);
      const link = await office.invite(page, 'Ina Radu', 'ina@nord.example');
      await isAccessible(page, 'a link that was made');
      await page.goto(link);
      await isAccessible(page, 'join');
    });
  });
}

/** Ana talks, Victor rings at Elena, Sofia is parked, Irina waits, George has called. */
async function makeBusy(salon: Salon, ana: Floor): Promise<void> {
  await salon.onDuty(ANA);
  await salon.carrier.hangUp(await salon.talk(GEORGE, ANA, ana));
  await ana.isDoing(ANA, 'Available');
  await salon.park(SOFIA, ANA, ana, 2);
  await salon.talk(MARIA, ANA, ana);
  await salon.onDuty(ELENA);
  await salon.carrier.call(VICTOR);
  await ana.isWith(VICTOR, ELENA, 'Ringing');
  await salon.carrier.call(IRINA);
  await ana.isWaiting(IRINA);
  await ana.isDoing(MIHAI, 'Away');
}

/** Nothing that keeps somebody from using it, by the rules of WCAG 2.2 A and AA and axe's good practice. */
async function isAccessible(page: Page, what: string, without?: string): Promise<void> {
  await animationsEnd(page);
  const axe = new AxeBuilder({ page });
  const { violations } = await (without ? axe.exclude(without) : axe).analyze();
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = bad.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `  ${html}`).join('\n')}`);
  expect.soft(told, what).toEqual([]);
}

/** Colours are judged when they have arrived. What pulses for ever is not waited for. */
async function animationsEnd(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
