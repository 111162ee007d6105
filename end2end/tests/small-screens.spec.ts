import { expect, test } from '../fixtures/test.ts';
import { everyPage } from '../fixtures/pages.ts';
import { ANA, CRISTINA, EVERYONE, GEORGE, MARIA, SOFIA, stranger, type Caller } from '../fixtures/people.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('on a phone everything can be reached, and nothing scrolls sideways', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA, PHONE);
  await salon.park(GEORGE, ANA, ana, 9);
  await salon.talk(MARIA, ANA, ana);
  await salon.carrier.call(SOFIA);
  await ana.isWaiting(SOFIA);

  const reachable = [
    ...EVERYONE.map((agent) => ana.agent(agent)),
    ...[1, 9, 10].map((n) => ana.slot(n)),
    ...[GEORGE, MARIA, SOFIA].map((caller) => ana.call(caller)),
    ...[GEORGE, MARIA, SOFIA].map((caller) => ana.call(caller).getByRole('button', { name: 'Move to…' })),
  ];
  for (const thing of reachable) {
    await thing.scrollIntoViewIfNeeded();
    await expect(thing).toBeInViewport();
    const box = (await thing.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  }
  const overflow = () => ana.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);

  await ana.choose(SOFIA, 'Park in slot 2');
  await ana.isParked(SOFIA, 2);
  await salon.agrees(ana);
  await ana.page.getByRole('link', { name: 'History' }).click();
  await expect(ana.page.getByRole('heading', { name: 'Call history' })).toBeVisible();
  expect(await overflow()).toBeLessThanOrEqual(0);
});

for (const locale of ['en-GB', 'ro-RO']) {
  test(`a busy floor fits at every width, and no number is cut off, ${locale}`, async ({ salon }) => {
    await salon.onDuty(ANA);
    const ana = await salon.floorOf(ANA);
    // Nobody knows them: their number is all that there is.
    const [parked, talks, waits] = [1, 2, 3].map(stranger) as [Caller, Caller, Caller];
    await salon.park(parked, ANA, ana, 1);
    await salon.talk(talks, ANA, ana);
    await salon.carrier.call(waits);
    await ana.isWaiting(waits);

    const page = await (await salon.browserOf(ANA, { locale })).newPage();
    await page.goto('/');
    await expect(page.getByRole('main')).toHaveAttribute('data-ready', '');
    for (const width of [360, 390, 768, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${width}`).toBeLessThanOrEqual(0);
      const numbers = page.locator('.call-who.number');
      await expect(numbers).toHaveCount(3);
      const cut = await numbers.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
      expect.soft(cut, `${width}`).toEqual([]);
    }
  });

  test(`every page fits on a phone, ${locale}`, async ({ browser, salon, office }) => {
    test.slow();
    await everyPage({ browser, salon, office }, { ...PHONE, locale }, async (page, route) => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, route).toBeLessThanOrEqual(0);
    });
  });
}

test('who may set up the workspace gets to the settings from the floor, and nobody else', async ({ salon }) => {
  for (const options of [{}, PHONE]) {
    const { page } = await salon.floorOf(CRISTINA, options);
    const settings = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' });
    await expect(settings).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    // What is beside it still stands in one row.
    const [way, out] = [(await settings.boundingBox())!, (await page.getByRole('button', { name: 'Sign out' }).boundingBox())!];
    expect(Math.abs(way.y + way.height / 2 - out.y - out.height / 2)).toBeLessThan(5);
    await settings.press('Enter');
    await expect(page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Numbers' })).toBeVisible();
  }
  const ana = await salon.floorOf(ANA);
  await expect(ana.page.getByRole('link', { name: 'Settings' })).toBeHidden();
});

test('buttons on a phone are large enough for a finger', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA, PHONE);
  await salon.talk(MARIA, ANA, ana);
  for (const button of await ana.page.getByRole('button').or(ana.page.getByRole('link')).all()) {
    if (!(await button.isVisible())) continue;
    const { width, height } = (await button.boundingBox())!;
    // WCAG 2.2, 2.5.8. Skip links and the like are one pixel until they have the focus.
    if (width > 1) expect(Math.min(width, height), await button.ariaSnapshot()).toBeGreaterThanOrEqual(24);
  }
});
