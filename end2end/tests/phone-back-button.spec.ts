// The browser's Back button: whether the page is loaded anew or was kept as it was, it is a phone again.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import config from '../playwright.config.ts';
import type { Floor } from '../fixtures/floor.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import type { Phone } from '../fixtures/phone.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const CALLER = 440;
const usual = config.use!.launchOptions!;

// Playwright switches the back/forward cache off; people have it. Pages whose headers a test changes count as foreign.
const args = [...usual.args!, '--disable-features=LocalNetworkAccessChecks'];
test.use({ launchOptions: { ...usual, args, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

async function leave({ page }: Floor): Promise<void> {
  await page.getByRole('link', { name: 'History' }).click();
  await page.waitForURL('**/calls');
}

/** A page that was kept has no `load` event to wait for. */
async function goBack({ page, main }: Floor): Promise<void> {
  await page.evaluate(() => history.back());
  await expect(main).toHaveAttribute('data-ready', '');
}

/** Whether the last page was kept: it is the same as before. */
const mark = (page: Page) => page.evaluate(() => void ((window as any).kept = true));
const isKept = (page: Page) => page.evaluate(() => (window as any).kept === true);

async function takesACall(salon: Salon, floor: Floor, phone: Phone): Promise<void> {
  await phone.isReady();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.rings(MARIA);
  await phone.press('Answer');
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  await floor.isWith(MARIA, ANA);
}

test('as our server sends it, the page is not kept: it is loaded anew, and its phone is on', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await mark(floor.page);
  await leave(floor);
  await goBack(floor);
  expect(await isKept(floor.page)).toBe(false);
  await takesACall(salon, floor, phone);
});

test('a page that the browser kept registers again, and takes calls', async ({ salon }) => {
  const context = await salon.browserOf(ANA);
  // What `no-store` forbids; a browser that keeps pages all the same must not find a dead phone.
  await context.route(/\/$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'cache-control': 'no-cache' } });
  });
  const { floor, phone } = await salon.phoneIn(context, ANA, { hertz: AGENT });
  await phone.switchOn();
  await mark(floor.page);
  await leave(floor);
  await expect.poll(async () => (await salon.carrier.truth()).clients).toEqual([]);
  await goBack(floor);
  expect(await isKept(floor.page)).toBe(true);
  await expect.poll(async () => (await salon.carrier.truth()).clients).toHaveLength(1);
  await takesACall(salon, floor, phone);
});

test('a way to another page opens beside the floor as long as somebody talks there', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.rings(MARIA);
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  const beside = floor.page.waitForEvent('popup');
  await floor.page.getByRole('link', { name: 'History' }).click();
  await expect((await beside).getByRole('heading', { name: 'History' })).toBeVisible();
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  await phone.press('Hang up');
  await salon.carrier.isOver(sid);
  await phone.isReady();
  await leave(floor);
});

test('who leaves in the middle of a call is back in it', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  // As somebody does who types an address.
  await floor.page.goto('/calls');
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await goBack(floor);
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER, 15_000);
  await salon.carrier.hears(sid, AGENT, 15_000);
});
