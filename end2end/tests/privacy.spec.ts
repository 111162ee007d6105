// What is kept of somebody is given out as a file, erased here and at the telephone network, and kept no longer than was chosen.
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, GEORGE, MARIA } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

/** Which of the callers the telephone network has calls with. */
async function known(salon: Salon): Promise<string[]> {
  const { calls } = await salon.carrier.truth();
  return [MARIA, GEORGE].filter(({ number }) => calls.some(({ from, to }) => [from, to].includes(number))).map(({ name }) => name);
}

/** The outcomes in the history, the newest first. */
async function history(page: Page): Promise<string[]> {
  await page.goto('/calls');
  return (await page.locator('[data-outcome]').allTextContents()).map((words) => words.trim());
}

test('whoever asks for it gets a file, is erased, and is nowhere on the pages', async ({ salon }) => {
  // Nobody is erased until two minutes after their call, when no news of it comes in any more. There is no way around them.
  test.setTimeout(240_000);
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  for (const caller of [MARIA, GEORGE]) {
    await salon.carrier.hangUp(await salon.talk(caller, ANA, ana));
    await ana.isGone(caller);
    await ana.isDoing(ANA, 'Available');
  }
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  const outcomes = ['Answered', 'Answered'];
  expect(await history(page)).toEqual(outcomes);

  await page.goto('/contacts?q=maria');
  await page.getByRole('link', { name: MARIA.name }).click();
  await page.getByRole('link', { name: 'Export or erase everything' }).click();
  const outside = page.locator('form').filter({ has: page.getByRole('heading', { name: 'Somebody outside' }) });
  const number = outside.getByLabel('Number', { exact: true });
  await expect(number).toHaveValue(MARIA.number);
  const [file] = await Promise.all([page.waitForEvent('download'), outside.getByRole('button', { name: 'Download as a file' }).click()]);
  expect(file.suggestedFilename()).toBe('switchyard-40722111222.json');
  const text = await readFile(await file.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    workspace: 'salon',
    number: MARIA.number,
    contact: { name: MARIA.name },
    calls: [{ direction: 'inbound', number: MARIA.number, name: MARIA.name, agent: ANA.id, outcome: 'answered' }],
    messages: [],
  });
  expect(text, 'nobody else is in it').not.toContain(GEORGE.number);

  await outside.getByRole('button', { name: 'Erase' }).click();
  await expect(page.getByText('Tick this first: it cannot be undone.')).toBeVisible();
  await expect(number).toHaveValue(MARIA.number);
  /** Ticks that it is meant, sends it, and answers how that was taken. */
  const erase = async () => {
    await outside.getByLabel('I mean it: erasing cannot be undone').check();
    const sent = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await outside.getByRole('button', { name: 'Erase' }).click();
    return (await sent).status();
  };
  expect(await erase()).toBe(409);
  await expect(page.getByRole('alert')).toContainText('a call of theirs goes on, or ended less than two minutes ago');
  expect(await known(salon)).toEqual([MARIA.name, GEORGE.name]);
  await expect.poll(erase, { message: 'she is erased', timeout: 150_000, intervals: [3_000] }).toBe(303);
  await expect(page.getByText('Erased.', { exact: true })).toBeVisible();

  expect(await known(salon), 'her calls are deleted there').toEqual([GEORGE.name]);
  await page.goto('/contacts?q=maria');
  await expect(page.getByText('Nobody found')).toBeVisible();
  expect(await history(page), 'how many calls there were stays known').toEqual(outcomes);
  await expect(page.getByRole('row').filter({ hasText: 'erased' })).toHaveCount(1);
  await expect(page.getByRole('row').filter({ hasText: GEORGE.name })).toHaveCount(1);
  for (const path of ['/calls', '/contacts', '/settings/log', '/settings/privacy']) {
    await page.goto(path);
    const content = await page.content();
    for (const trace of [MARIA.name, '722111222', '722 111 222']) expect(content, path).not.toContain(trace);
  }
});

test('how long things are kept is chosen, and there when one comes back', async ({ salon }) => {
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/settings/privacy');
  const fields = {
    'The history, in days': '365',
    'Messages that callers left, in days': '30',
    'The log of changes, in days': '89',
    'Deliveries of webhooks, in days': '14',
  };
  const save = page.locator('form').filter({ has: page.getByLabel('The history, in days') }).getByRole('button', { name: 'Save' });
  const says = async () => {
    for (const [name, days] of Object.entries(fields)) await expect(page.getByLabel(name)).toHaveValue(days);
  };
  for (const [name, days] of Object.entries(fields)) await page.getByLabel(name).fill(days);
  await save.click();
  // The log is worth nothing if somebody can have it forgotten at once.
  await expect(page.getByLabel('The log of changes, in days')).toHaveAttribute('aria-invalid', 'true');
  await says();
  await page.goto('/settings/privacy');
  await expect(page.getByLabel('The history, in days'), 'nothing of it was saved').toHaveValue('');

  fields['The log of changes, in days'] = '90';
  for (const [name, days] of Object.entries(fields)) await page.getByLabel(name).fill(days);
  await save.click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await page.goto('/settings/privacy');
  await says();
});
