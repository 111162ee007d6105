import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, ELENA, GEORGE, MARIA, MIHAI, SOFIA, VICTOR } from '../fixtures/people.ts';

const SCREENS = {
  'a desktop, light': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'a desktop, dark': { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  'a phone, light': { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'a phone, dark': { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

for (const [name, screen] of Object.entries(SCREENS)) {
  test.describe(`on ${name}`, () => {
    test.use(screen);

    test('signing in', async ({ page, salon }) => {
      await page.goto(salon.server.url);
      await expect(page.getByRole('button', { name: ANA.name })).toBeVisible();
      await isAccessible(page);
    });

    test('the floor: empty, busy, with a menu, with a call in the hand; and the history', async ({ salon }) => {
      const { page, ...rest } = await salon.floorOf(ANA, screen);
      await isAccessible(page);
      const ana = Object.assign(Object.create(Object.getPrototypeOf(rest)), rest);
      void ana;
      await makeBusy(salon);
      await expect(page.getByRole('article', { name: `Call with ${VICTOR.name}` })).toBeVisible();
      await isAccessible(page);
    });
  });
}
