// A call for an agent who looks elsewhere: the title flashes and a notification shows, until it is answered or gone.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

const USUAL = 'Floor · Switchyard';
const RINGS = `Incoming call from ${MARIA.name}`;

/** The notifications that show, and the titles that were seen. */
type Seen = { notes: string[]; titles: string[] };

/** Ana's page in a tab that nobody looks at. No tab of a browser without a screen is ever hidden: this one says that it is. */
async function lookingElsewhere(salon: Salon) {
  const context = await salon.browserOf(ANA, { permissions: ['notifications', 'microphone'] });
  await context.addInitScript(() => {
    const seen = { notes: [] as Notification[], titles: [] as string[] };
    const Real = Notification;
    window.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        this.addEventListener('show', () => seen.notes.push(this));
        this.addEventListener('close', () => seen.notes.splice(seen.notes.indexOf(this), 1));
      }
    };
    (window as any).seen = seen;
    (window as any).lookAway = (away: boolean) => Object.defineProperty(document, 'hidden', { configurable: true, get: () => away });
    addEventListener('DOMContentLoaded', () => {
      new MutationObserver(() => seen.titles.push(document.title)).observe(document.head, { subtree: true, childList: true, characterData: true });
    });
  });
  const { floor, phone } = await salon.phoneIn(context, ANA);
  await phone.switchOn();
  await salon.onDuty(ANA);
  await look(floor.page, true);
  return { floor, phone };
}

const look = (page: Page, away: boolean) => page.evaluate((away) => (window as any).lookAway(away), away);

const seen = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { notes, titles } = (window as any).seen;
    return { notes: notes.map((note: Notification) => note.title), titles: [...new Set<string>(titles)] };
  });

async function isQuiet(page: Page): Promise<void> {
  await expect.poll(async () => (await seen(page)).notes).toEqual([]);
  await expect(page).toHaveTitle(USUAL);
  // Not only between two flashes.
  await page.waitForTimeout(2_000);
  await expect(page).toHaveTitle(USUAL);
}

test('the title flashes and a notification shows, until the call is answered', async ({ salon }) => {
  const { floor, phone } = await lookingElsewhere(salon);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: 440 } });
  await expect.poll(async () => (await seen(floor.page)).notes).toEqual([RINGS]);
  await expect(floor.page).toHaveTitle(RINGS);
  await expect(floor.page).toHaveTitle(USUAL);
  await expect(floor.page).toHaveTitle(RINGS);
  expect((await seen(floor.page)).titles.sort()).toEqual([USUAL, RINGS].sort());
  await phone.press('Answer');
  await salon.carrier.hears(sid, 700);
  await isQuiet(floor.page);
});

test('they end when the caller has gone', async ({ salon }) => {
  const { floor } = await lookingElsewhere(salon);
  const sid = await salon.carrier.call(MARIA);
  await expect.poll(async () => (await seen(floor.page)).notes).toEqual([RINGS]);
  await salon.carrier.hangUp(sid);
  await floor.isGone(MARIA);
  await isQuiet(floor.page);
});

test('a click on the notification leads to the page, where nothing flashes any more', async ({ salon }) => {
  const { floor, phone } = await lookingElsewhere(salon);
  await salon.carrier.call(MARIA);
  await expect.poll(async () => (await seen(floor.page)).notes).toEqual([RINGS]);
  await floor.page.evaluate(() => {
    const [note] = (window as any).seen.notes;
    window.focus = () => (window as any).lookAway(false);
    note.dispatchEvent(new Event('click'));
  });
  await phone.rings(MARIA);
  await expect.poll(() => floor.page.title()).toBe(USUAL);
});

test('whoever looks at the page is not notified', async ({ salon }) => {
  const { floor, phone } = await lookingElsewhere(salon);
  await look(floor.page, false);
  await salon.carrier.call(MARIA);
  await phone.rings(MARIA);
  await isQuiet(floor.page);
});
