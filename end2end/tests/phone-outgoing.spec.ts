// Calls that an agent places in the page.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import type { Floor } from '../fixtures/floor.ts';
import type { Phone } from '../fixtures/phone.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const CALLEE = 520;

async function dial(phone: Phone, number: string): Promise<void> {
  const field = phone.region.getByLabel('Number to call');
  if (!(await field.isVisible())) await phone.press('Keypad');
  await field.fill(number);
  await phone.press('Call');
}

/** How the last calls ended, the newest first. */
async function isInHistory(floor: Floor, outcomes: string[]): Promise<void> {
  await floor.page.goto('/calls');
  await expect(floor.page.locator('[data-outcome]')).toHaveText(outcomes);
}

test('a number is dialled as people type it, and both hear each other', async ({ salon }, info) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 600, sends: { tone: CALLEE } });
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  const began = Date.now();
  await dial(phone, '0722 111 222');
  const sid = await salon.carrier.legTo(MARIA.number);
  info.annotations.push({ type: 'dialled on our side', description: `${Date.now() - began} ms` });
  await phone.isOnACallWith(MARIA);
  await floor.isWith(MARIA, ANA);
  await phone.hears(CALLEE);
  await salon.carrier.hears(sid, AGENT);
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  await phone.isReady();
});

test('busy, declined and unreachable: each has its own words, in the phone and in the history', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  const ends = [
    ['busy', 'The line is busy.', 'Busy'],
    ['rejects', 'The call was declined.', 'Declined'],
    ['unregistered', 'This number cannot be reached. Check it and try again.', 'Not reachable'],
  ] as const;
  for (const [n, [answers, words]] of ends.entries()) {
    await salon.carrier.called(`+4072200000${n}`, { answers });
    await dial(phone, `072200000${n}`);
    await phone.says(words, 20_000);
    await phone.isReady();
  }
  await isInHistory(floor, ends.map(([, , outcome]) => outcome).reverse());
  const { calls } = await salon.carrier.truth();
  expect(calls.filter((call) => call.to.startsWith('+40722')).map((call) => call.status)).not.toContain('in-progress');
});

test.describe('where nobody waits for long', () => {
  test.use({ settings: { speed: 10 } });

  test('somebody who does not answer is rung until the phone network gives up', async ({ salon }) => {
    await salon.carrier.called(MARIA.number, { answers: 'never' });
    const { floor, phone } = await salon.phoneOf(ANA, AGENT);
    await dial(phone, MARIA.number);
    await phone.says(`Ringing ${MARIA.name}…`);
    // What a phone that rings sounds like.
    await phone.hears(425);
    await phone.says('Nobody answered.', 20_000);
    await phone.isReady();
    await isInHistory(floor, ['Not answered']);
  });
});

test('what is no number, or in a country that is not called, is not dialled', async ({ salon }) => {
  const { phone } = await salon.phoneOf(ANA, AGENT);
  await dial(phone, 'hello');
  await phone.says('This is not a phone number.');
  await dial(phone, '+850 2 381 2121');
  await phone.says('Calls to this country are not allowed.');
  await dial(phone, '999');
  await phone.says(/not a phone number/);
  await dial(phone, '112');
  await phone.says(/Emergency numbers cannot be called from here/);
  expect((await salon.carrier.truth()).calls).toEqual([]);
});

test('digits that are typed arrive, by key and by click', async ({ salon }) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 100, sends: { tone: CALLEE } });
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await dial(phone, MARIA.number);
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLEE);
  await typesDigits(salon, floor, phone, MARIA.number);
  await salon.carrier.hears(await salon.carrier.legTo(MARIA.number), AGENT);
});

test('digits that are typed into a call that came in arrive, too', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLEE } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);
  await typesDigits(salon, floor, phone);
  await salon.carrier.hears(sid, AGENT);
});

/** The agent's leg is the one that they placed to a number, or else the one that rang at them. */
async function typesDigits(salon: Salon, floor: Floor, phone: Phone, placedTo?: string): Promise<void> {
  await floor.main.press('5');
  await phone.press('Keypad');
  for (const key of ['9', '*', '0', '#']) await phone.region.getByRole('button', { name: key, exact: true }).click();
  await expect(phone.region.getByText('59*0#', { exact: true })).toBeVisible();
  const pressed = async () => {
    const { calls } = await salon.carrier.truth();
    const mine = calls.filter((call) => call.status === 'in-progress' && (placedTo ? call.from === `client:salon_${ANA.id}` : call.to.startsWith('client:')));
    return mine.map((call) => call.pressed);
  };
  await expect.poll(pressed).toEqual(['59*0#']);
}

test('a number in the history is one click from being called', async ({ salon }) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 100, sends: { tone: CALLEE } });
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty();
  const missed = await salon.carrier.call(MARIA);
  await floor.isWaiting(MARIA);
  await salon.carrier.hangUp(missed);
  await floor.isGone(MARIA);
  await floor.page.goto('/calls');
  await floor.page.getByRole('link', { name: 'Call +40 722 111 222' }).click();
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLEE);
  await salon.carrier.hears(await salon.carrier.legTo(MARIA.number), AGENT);
  await phone.press('Hang up');
  await phone.isReady();
  // Loading the board again does not call again.
  await floor.page.reload();
  await phone.isReady();
  expect((await salon.carrier.truth()).calls.filter((call) => call.to === MARIA.number && call.direction !== 'inbound')).toHaveLength(1);
});

test('with the phone in another tab, that one calls the number', async ({ salon }) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 100, sends: { tone: CALLEE } });
  const { floor, phone, context } = await salon.phoneOf(ANA, AGENT);
  await salon.onDuty();
  const missed = await salon.carrier.call(MARIA);
  await floor.isWaiting(MARIA);
  await salon.carrier.hangUp(missed);
  await floor.isGone(MARIA);
  const second = await context.newPage();
  await second.goto('/calls');
  await second.getByRole('link', { name: 'Call +40 722 111 222' }).click();
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLEE);
});

test('an address alone calls nobody', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  const to = `/?dial=${encodeURIComponent(MARIA.number)}`;
  for (const referer of [undefined, 'https://elsewhere.example/calls']) {
    await floor.page.goto(to, { referer });
    await expect(phone.region.getByLabel('Number to call')).toHaveValue(MARIA.number);
    await phone.isReady();
  }
  expect((await salon.carrier.truth()).calls).toEqual([]);
});
