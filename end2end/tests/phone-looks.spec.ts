// The phone for everybody: without faults for assistive technology, in every state, on every screen, in both languages.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';
import { ANA, GEORGE, MARIA } from '../fixtures/people.ts';
import type { Phone } from '../fixtures/phone.ts';

async function isAccessible(phone: Phone): Promise<void> {
  // Colours are right when nothing moves any more.
  await phone.page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page: phone.page }).include('#phone').analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target }) => target) }))).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`accessible in every state, ${colorScheme}`, async ({ salon }) => {
    const { floor, phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
    await phone.page.emulateMedia({ colorScheme });
    await isAccessible(phone);
    await phone.switchOn();
    await phone.press('Sound');
    await isAccessible(phone);
    await phone.press('Keypad');
    await isAccessible(phone);
    await salon.onDuty(ANA);
    await salon.carrier.call(MARIA, { sends: { tone: 440 } });
    await phone.rings(MARIA);
    await isAccessible(phone);
    await phone.press('Answer');
    await phone.isOnACallWith(MARIA);
    await isAccessible(phone);
    await salon.carrier.call(GEORGE);
    await floor.isWaiting(GEORGE);
    await floor.call(GEORGE).getByRole('button', { name: 'Pick up' }).click();
    await expect(phone.button('Park and answer')).toBeVisible();
    await isAccessible(phone);
  });
}

test('on a small screen nothing is hidden or too small to touch', async ({ salon }) => {
  const { floor, phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  await phone.page.setViewportSize({ width: 360, height: 740 });
  await phone.switchOn();
  await salon.onDuty(ANA);
  await salon.carrier.call(MARIA, { sends: { tone: 440 } });
  await phone.rings(MARIA);
  for (const name of ['Answer', 'Decline']) {
    const box = (await phone.button(name).boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  }
  await phone.press('Answer');
  await phone.isOnACallWith(MARIA);
  for (const name of ['Mute', 'Hold', 'Keypad', 'Sound', 'Hang up']) {
    const box = (await phone.button(name).boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.width).toBeGreaterThanOrEqual(44);
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  }
  await salon.carrier.call(GEORGE);
  await floor.isWaiting(GEORGE);
  await floor.call(GEORGE).getByRole('button', { name: 'Pick up' }).click();
  const box = (await phone.button('Park and answer').boundingBox())!;
  expect(box.height).toBeGreaterThanOrEqual(44);
  expect(box.x + box.width).toBeLessThanOrEqual(360);
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(360);
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`what went wrong is said where it covers no button, ${viewport.width} pixels wide`, async ({ salon }) => {
    const { floor, phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
    const { page } = phone;
    await page.setViewportSize(viewport);
    await phone.switchOn();
    await salon.onDuty(ANA);
    await salon.carrier.call(MARIA, { sends: { tone: 440 } });
    await phone.press('Answer');
    await phone.isOnACallWith(MARIA);
    await page.route('**/api/fn/ask', (route) => route.abort());
    await floor.choose(MARIA, 'Park in slot 3');
    const said = floor.announcements.filter({ hasText: 'the server could not be reached' });
    await expect(said).toHaveClass(/toast/);
    await expect(said).toBeInViewport({ ratio: 1 });
    const toast = (await said.boundingBox())!;
    const dock = page.getByRole('navigation', { name: 'Floor' }).getByRole('link');
    for (const control of await phone.region.getByRole('button').or(dock).all()) {
      if (!(await control.isVisible())) continue;
      const box = (await control.boundingBox())!;
      const apart = box.y >= toast.y + toast.height || toast.y >= box.y + box.height;
      expect(apart, await control.ariaSnapshot()).toBe(true);
    }
  });
}

test('a caller who is parked hears on while the next one is answered', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA);
  await salon.onDuty(ANA);
  const first = await salon.carrier.call(MARIA, { sends: { tone: 440 } });
  await phone.press('Answer');
  await phone.hears(440);
  await floor.choose(MARIA, 'Park in slot 1');
  await floor.isParked(MARIA, 1);
  const second = await salon.carrier.call(GEORGE, { sends: { tone: 520 } });
  await phone.press('Answer');
  await phone.hears(520);
  await salon.carrier.hears(second, 700);
  await salon.carrier.hearsMusicNot(first, 700);
});

test('in Romanian', async ({ salon }) => {
  const { phone } = await salon.silentPhoneOf(ANA, { hertz: 700 });
  await phone.page.goto('/?lang=ro');
  await expect(phone.page.getByRole('region', { name: 'Telefon', exact: true })).toContainText('Telefonul este oprit');
});
