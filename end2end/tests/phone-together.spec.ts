// Colleagues who talk to each other, and calls of three: who hears whom, in the pages and in the telephone network.
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, ELENA, MARIA, MIHAI } from '../fixtures/people.ts';
import { middle } from '../fixtures/floor.ts';
import type { Salon } from '../fixtures/salon.ts';

const OF_ANA = 700;
const OF_MIHAI = 1150;
const OF_MARIA = 440;

/** Ana talks to Maria in her page; Mihai's phone is switched on. */
async function anaTalksToMaria(salon: Salon) {
  const ana = await salon.phoneOf(ANA, OF_ANA);
  const mihai = await salon.phoneOf(MIHAI, OF_MIHAI);
  await salon.onDuty(ANA);
  const maria = await salon.carrier.call(MARIA, { sends: { tone: OF_MARIA } });
  await ana.phone.press('Answer');
  await ana.phone.isOnACallWith(MARIA);
  await salon.onDuty(MIHAI);
  await salon.carrier.hears(maria, OF_ANA);
  return { ana, mihai, maria };
}

/** Ana adds Mihai from his card, and he answers. */
async function three(salon: Salon) {
  const talk = await anaTalksToMaria(salon);
  const { ana, mihai, maria } = talk;
  await ana.floor.agent(MIHAI).getByRole('button', { name: 'Add Mihai Ionescu to the call' }).click();
  await mihai.phone.rings(MARIA);
  // While he is rung, Ana and Maria go on talking.
  await salon.carrier.hears(maria, OF_ANA);
  await mihai.phone.press('Answer');
  await mihai.phone.isOnACallWith(MARIA);
  await salon.carrier.hearsAll(maria, OF_ANA, OF_MIHAI);
  return talk;
}

test('a colleague is called from their card, hears and is heard, and hangs up', async ({ salon }) => {
  const ana = await salon.phoneOf(ANA, OF_ANA);
  const mihai = await salon.phoneOf(MIHAI, OF_MIHAI);
  await ana.floor.agent(MIHAI).getByRole('button', { name: 'Call Mihai Ionescu' }).click();
  await mihai.phone.rings(ANA);
  await ana.floor.isDoing(MIHAI, 'Ringing');
  await mihai.phone.press('Answer');
  await mihai.phone.isOnACallWith(ANA);
  await ana.phone.isOnACallWith(MIHAI);
  await ana.phone.hears(OF_MIHAI);
  await mihai.phone.hears(OF_ANA);
  // The card is Ana's, and says what it is; Mihai's says whom he is with, and that the hold is not his.
  await expect(ana.floor.agent(ANA).getByRole('article', { name: 'Call with Mihai Ionescu' }).getByText('colleague')).toBeVisible();
  await expect(ana.floor.agent(MIHAI).getByText('In a call with Ana Popescu')).toBeVisible();
  await expect(mihai.phone.button('Hold')).toBeHidden();
  await mihai.phone.press('Hang up');
  await ana.phone.isReady();
  await mihai.phone.isReady();
  await ana.floor.isDoing(MIHAI, 'Available');
  await ana.floor.isDoing(ANA, 'Available');
  await expect.poll(async () => (await salon.carrier.truth()).conferences.filter(({ status }) => status !== 'completed')).toEqual([]);
});

test('an extension is dialled, and a colleague who declines is not disturbed again', async ({ salon }) => {
  const ana = await salon.phoneOf(ANA, OF_ANA);
  const mihai = await salon.phoneOf(MIHAI, OF_MIHAI);
  const extension = (await ana.floor.agent(MIHAI).getByText(/^ext\. \d+/).textContent())!.replace(/\D/g, '');
  await ana.phone.press('Keypad');
  await ana.phone.region.getByLabel('Number to call').fill(extension);
  await ana.phone.press('Call');
  await mihai.phone.rings(ANA);
  await mihai.phone.press('Decline');
  await ana.phone.says('The call was declined.');
  await ana.phone.isReady();
  await expect(mihai.phone.button('Answer')).toBeHidden();
});

test('a colleague is called by dragging their card onto one’s own', async ({ salon }) => {
  const ana = await salon.phoneOf(ANA, OF_ANA);
  await ana.floor.carry(ana.floor.agent(ELENA), ana.floor.agent(ANA));
  await expect(ana.floor.page.getByText('Call Elena Radu', { exact: true })).toBeVisible();
  await ana.floor.letGo();
  await ana.phone.says(/Elena Radu/);
  await expect(ana.floor.agent(ANA).getByRole('article', { name: 'Call with Elena Radu' })).toBeVisible();
  await salon.carrier.answer(ELENA);
  await ana.floor.isDoing(ELENA, 'On a call');
});

test('dropped anywhere else a colleague springs back, and who cannot be called is said', async ({ salon }) => {
  const ana = await salon.phoneOf(ANA, OF_ANA);
  await ana.floor.carry(ana.floor.agent(ELENA), ana.floor.agent(MIHAI));
  await ana.floor.letGo();
  // Radu is offline.
  await expect(ana.floor.page.getByRole('button', { name: 'Call Radu Dobre' })).toBeHidden();
  await ana.phone.press('Keypad');
  await ana.phone.region.getByLabel('Number to call').fill('106');
  await ana.phone.press('Call');
  await ana.phone.says('Radu Dobre is offline');
  expect((await salon.carrier.truth()).calls).toEqual([]);
});

test('without a phone that is switched on nobody is called, and it says so', async ({ salon }) => {
  const floor = await salon.floorOf(ANA);
  await floor.agent(MIHAI).getByRole('button', { name: 'Call Mihai Ionescu' }).click();
  await expect(floor.page.getByText('Switch the phone on, then call.')).toBeVisible();
});

test('a colleague who is added hears both and is heard by both, and leaves without ending anything', async ({ salon }) => {
  const { ana, mihai, maria } = await three(salon);
  await mihai.phone.hearsAll(OF_MARIA, OF_ANA);
  await ana.phone.hearsAll(OF_MARIA, OF_MIHAI);
  await expect(ana.floor.call(MARIA).getByText('Talking, with Mihai Ionescu')).toBeVisible();
  await mihai.phone.press('Hang up');
  await mihai.phone.isReady();
  await salon.carrier.hearsNot(maria, OF_MIHAI);
  await salon.carrier.hears(maria, OF_ANA);
  await ana.phone.isOnACallWith(MARIA);
  await ana.floor.isDoing(MIHAI, 'Available');
});

test('whoever has the call leaves it to the colleague, and the caller hears no gap', async ({ salon }) => {
  const { ana, mihai, maria } = await three(salon);
  await ana.phone.press('Hang up');
  await ana.phone.isReady();
  await mihai.floor.isWith(MARIA, MIHAI);
  await salon.carrier.hearsNot(maria, OF_ANA);
  await salon.carrier.hears(maria, OF_MIHAI);
  await mihai.phone.hears(OF_MARIA);
  await mihai.phone.press('Hang up');
  await mihai.floor.isGone(MARIA);
});

test('the one who added a colleague reloads the page, and the two others go on talking', async ({ salon }) => {
  const { ana, mihai, maria } = await three(salon);
  await ana.floor.page.reload();
  await salon.carrier.hearsNot(maria, OF_ANA);
  await salon.carrier.hears(maria, OF_MIHAI);
  await mihai.phone.hears(OF_MARIA);
  await salon.carrier.hearsAll(maria, OF_ANA, OF_MIHAI);
  await ana.floor.isWith(MARIA, ANA);
});

test('a colleague dragged onto one’s own card is added to the call there', async ({ salon }) => {
  const { ana, mihai } = await anaTalksToMaria(salon);
  await ana.floor.carry(ana.floor.agent(MIHAI), ana.floor.agent(ANA));
  await ana.floor.letGo();
  await mihai.phone.rings(MARIA);
  await expect(ana.floor.call(MARIA).getByText('Adding Mihai Ionescu…')).toBeVisible();
  await expect(ana.floor.agent(ANA).getByRole('article', { name: 'Call with Maria Enache' })).toBeVisible();
  await mihai.phone.press('Decline');
  await expect(ana.floor.call(MARIA).getByText('Mihai Ionescu declined')).toBeVisible();
  await ana.phone.hears(OF_MARIA);
});

test('from the menu: hold and resume, and a guest is sent out by a supervisor', async ({ salon }) => {
  const { ana, mihai, maria } = await three(salon);
  const cristina = await salon.floorOf(CRISTINA);
  await cristina.choose(MARIA, 'Remove Mihai Ionescu from the call');
  await mihai.phone.isReady();
  await salon.carrier.hearsNot(maria, OF_MIHAI);
  await ana.floor.choose(MARIA, 'Hold');
  await salon.carrier.hearsMusicNot(maria, OF_ANA);
  await ana.floor.choose(MARIA, 'Resume');
  await salon.carrier.hears(maria, OF_ANA);
});

test('by touch a colleague is held down, carried and let go', async ({ salon }) => {
  const floor = await salon.floorOf(ANA, { hasTouch: true, viewport: { width: 1280, height: 900 } });
  const head = floor.agent(ELENA);
  const [from, to] = [await middle(head.getByRole('heading')), await middle(floor.agent(ANA))];
  const touch = await floor.page.context().newCDPSession(floor.page);
  const send = (type: string, at?: { x: number; y: number }) =>
    touch.send('Input.dispatchTouchEvent', { type: type as never, touchPoints: at ? [at] : [] });
  await send('touchStart', from);
  await expect(head.locator('[data-lifted]')).toHaveCount(1);
  await send('touchMove', { x: to.x, y: to.y + 2 });
  await send('touchMove', to);
  await expect(floor.page.getByText('Call Elena Radu', { exact: true })).toBeVisible();
  await send('touchEnd');
  await expect(floor.page.getByText('Switch the phone on, then call.')).toBeVisible();
});
