// Calls that an agent places in the page.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import type { Phone } from '../fixtures/phone.ts';

const AGENT = 700;
const CALLEE = 520;

async function dial(phone: Phone, number: string): Promise<void> {
  const field = phone.region.getByLabel('Number to call');
  if (!(await field.isVisible())) await phone.press('Keypad');
  await field.fill(number);
  await phone.press('Call');
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

test('who is on the phone already, or does not want to be called', async ({ salon }) => {
  const { phone } = await salon.phoneOf(ANA, AGENT);
  for (const [number, answers] of [['+40722000001', 'busy'], ['+40722000003', 'rejects']] as const) {
    await salon.carrier.called(number, { answers });
    await dial(phone, number.replace('+40', '0'));
    await phone.says('The line is busy.', 20_000);
    await phone.isReady();
  }
});

test('what is no number, or in a country that is not called, is not dialled', async ({ salon }) => {
  const { phone } = await salon.phoneOf(ANA, AGENT);
  await dial(phone, 'hello');
  await phone.says('This is not a phone number.');
  await dial(phone, '+850 2 381 2121');
  await phone.says('Calls to this country are not allowed.');
  await dial(phone, '999');
  await phone.says(/not a phone number/);
  expect((await salon.carrier.truth()).calls).toEqual([]);
});

test('digits that are typed arrive', async ({ salon }) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 100, sends: { tone: CALLEE } });
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await dial(phone, MARIA.number);
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLEE);
  const sid = await salon.carrier.legTo(MARIA.number);
  // Two tones at once are a key.
  await floor.main.press('5');
  await phone.press('Keypad');
  await expect(phone.region.getByText('5', { exact: true }).first()).toBeVisible();
  await phone.region.getByRole('button', { name: '9', exact: true }).click();
  await expect(phone.region.getByText('59', { exact: true })).toBeVisible();
  await salon.carrier.hears(sid, AGENT);
});

test('a number in the history is one click from being called', async ({ salon }) => {
  const { floor, phone } = await salon.phoneOf(ANA, AGENT);
  await floor.page.goto(`/?dial=${encodeURIComponent(MARIA.number)}`);
  await expect(phone.region.getByLabel('Number to call')).toHaveValue(MARIA.number);
  expect((await salon.carrier.truth()).calls).toEqual([]);
});
