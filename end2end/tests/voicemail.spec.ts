// Somebody who is not here gets a message: said after the beep, recorded by the telephone network, heard in the page, deleted there too.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, ELENA, MARIA, MIHAI } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

const OF_MARIA = 600;

/** Cristina chooses that callers can leave Mihai messages. */
async function chooseVoicemail(salon: Salon): Promise<void> {
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/people/mihai');
  await page.getByLabel('When they are not here').selectOption('Voicemail');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.close();
}

/** Waits until somebody has spoken for half a second after the beep, in no conference any more. */
async function speaks(salon: Salon, sid: string): Promise<void> {
  const spoken = async () => {
    const call = (await salon.carrier.truth()).calls.find((call) => call.sid === sid);
    return call?.conference === null && (call.recording?.spoken_ms ?? 0) > 500;
  };
  await expect.poll(spoken, { message: 'the caller is recorded', timeout: 30_000 }).toBe(true);
}

/** The pitch of a WAV file of 16 bits: how often it goes up through zero in a second. */
function pitch(wav: Buffer): number {
  expect(wav.subarray(0, 4).toString() + wav.subarray(8, 12).toString()).toBe('RIFFWAVE');
  const rate = wav.readUInt32LE(24);
  const samples = Array.from({ length: Math.floor((wav.length - 44) / 2) }, (_, n) => wav.readInt16LE(44 + 2 * n));
  expect(samples.length).toBeGreaterThan(rate / 4);
  const ups = samples.filter((sample, n) => n > 0 && samples[n - 1]! < 0 && sample >= 0).length;
  return (ups * rate) / samples.length;
}

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
}

test('a caller dragged onto a colleague who is away leaves a message, which is heard and deleted', async ({ salon }) => {
  test.slow();
  await chooseVoicemail(salon);
  await salon.onDuty();
  const ana = await salon.floorOf(ANA);
  const away = await salon.floorOf(MIHAI);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: OF_MARIA } });
  await ana.isWaiting(MARIA);
  await expect(ana.agent(MIHAI)).toContainText('Voicemail');
  await ana.pickUp(MARIA, ana.agent(MIHAI));
  await expect(ana.agent(MIHAI)).toHaveAttribute('data-may', 'yes');
  await expect(ana.agent(ELENA)).toHaveAttribute('data-may', 'no');
  await ana.letGo();
  await ana.says(`to the voicemail of ${MIHAI.name}`);
  for (const floor of [ana, away]) {
    await expect(floor.agent(MIHAI).getByRole('article', { name: `Call with ${MARIA.name}` })).toContainText('Leaving a message');
    await floor.isDoing(MIHAI, 'Away');
  }
  await speaks(salon, sid);
  await salon.carrier.hangUp(sid);
  for (const floor of [ana, away]) await floor.isGone(MARIA);

  // Mihai is told at once, and finds it as new.
  const link = away.page.getByRole('link', { name: /^Messages/ });
  await expect(link).toContainText('New: 1');
  const { page } = away;
  await link.click();
  await expect(page.getByRole('heading', { name: 'Messages' })).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: MARIA.name });
  await expect(row).toContainText('New');
  await isAccessible(page);
  const audio = row.locator('audio');
  const file = await page.request.get((await audio.getAttribute('src'))!);
  expect(file.headers()['content-type']).toBe('audio/wav');
  expect(Math.abs(pitch(await file.body()) - OF_MARIA)).toBeLessThan(8);
  // It plays in the page, which may load nothing but our own.
  await audio.evaluate((audio: HTMLAudioElement) => {
    audio.muted = true;
    return audio.play();
  });
  await expect.poll(() => audio.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
  // It is not new any more, here at once and when the page is loaded again.
  const isHeard = async () => {
    await expect(row).toContainText('Heard');
    await expect(row.getByRole('button', { name: /^Mark as heard/ })).toHaveCount(0);
    await expect(page.getByRole('link', { name: /^Messages/ })).not.toContainText('1');
  };
  await isHeard();
  await page.reload();
  await isHeard();

  // The history says whose voicemail it was, and leads to the message.
  await page.goto('/calls');
  const called = page.getByRole('row').filter({ hasText: MARIA.name });
  await expect(called).toContainText(`Voicemail of ${MIHAI.name}`);
  await called.getByRole('link', { name: 'Listen to the message' }).click();
  await expect(page.getByRole('link', { name: 'Yours' })).toBeVisible();
  await isAccessible(page);

  await row.getByLabel(`Delete the message from ${MARIA.name}`).click();
  await isAccessible(page);
  await row.getByRole('button', { name: `Delete for good: message from ${MARIA.name}` }).click();
  await expect(page.getByText('No messages')).toBeVisible();
  await isAccessible(page);
  await expect.poll(async () => (await salon.carrier.truth()).recordings).toEqual([]);
  await page.goto('/calls');
  await expect(called).toContainText('Left a message');
  await expect(called.getByRole('link', { name: 'Listen to the message' })).toHaveCount(0);
});

test('whoever talks sends a caller to a voicemail from the menu, and is free', async ({ salon }) => {
  await chooseVoicemail(salon);
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  const sid = await salon.talk(MARIA, ANA, ana);
  await ana.choose(MARIA, `To the voicemail of ${MIHAI.name}`);
  await expect(ana.agent(MIHAI).getByRole('article', { name: `Call with ${MARIA.name}` })).toContainText('Leaving a message');
  await ana.isDoing(ANA, 'Available');
  await expect.poll(() => salon.carrier.caller(MARIA)).toEqual({ talksTo: null, ringsAt: null, onHold: false });
  // Nobody takes it from there.
  const menu = await ana.menu(MARIA);
  await expect(menu.getByRole('menuitem')).toHaveCount(1);
  await ana.page.keyboard.press('Escape');
  await salon.carrier.hangUp(sid);
  await ana.isGone(MARIA);
});
