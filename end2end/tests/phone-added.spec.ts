// Somebody outside is added to a call: who hears whom, in the page and in the telephone network, and what is said when they
// do not come.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA, MIHAI, SOFIA } from '../fixtures/people.ts';
import type { Floor } from '../fixtures/floor.ts';
import type { Phone } from '../fixtures/phone.ts';
import { Finger } from '../fixtures/touch.ts';
import type { Salon } from '../fixtures/salon.ts';

const OF_ANA = 700;
const OF_MIHAI = 1150;
const OF_MARIA = 440;
const OF_SOFIA = 520;

/** Ana talks to Maria in her page; Sofia answers after a moment, when she is called. */
async function anaTalksToMaria(salon: Salon, { floor, phone }: { floor: Floor; phone: Phone }) {
  await salon.carrier.called(SOFIA.number, { answers: 'after_ms', after_ms: 500, sends: { tone: OF_SOFIA } });
  await salon.onDuty(ANA);
  const maria = await salon.carrier.call(MARIA, { sends: { tone: OF_MARIA } });
  await phone.press('Answer');
  await phone.isOnACallWith(MARIA);
  await salon.carrier.hears(maria, OF_ANA);
  return { floor, phone, maria };
}

/** What the card of the call says of Sofia. */
function sofia(floor: Floor) {
  return floor.call(MARIA).getByRole('listitem').filter({ hasText: SOFIA.name });
}

/** All three hear the two others; answers Sofia's leg. */
async function threeTalk(salon: Salon, floor: Floor, phone: Phone, maria: string): Promise<string> {
  await expect(sofia(floor).getByText('In the call')).toBeVisible();
  const leg = await salon.carrier.legTo(SOFIA.number);
  await salon.carrier.hearsAll(leg, OF_ANA, OF_MARIA);
  await salon.carrier.hearsAll(maria, OF_ANA, OF_SOFIA);
  await phone.hearsAll(OF_MARIA, OF_SOFIA);
  return leg;
}

test('a contact dragged onto one’s own card is added to the call there, and sent out again', async ({ salon }) => {
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await salon.carrier.called(SOFIA.number, { answers: 'never', sends: { tone: OF_SOFIA } });
  await floor.carry(await floor.contact('sofia', SOFIA), floor.call(MARIA));
  await expect(floor.agent(ANA)).toHaveAttribute('data-may', 'yes');
  await expect(floor.agent(MIHAI)).not.toHaveAttribute('data-may', 'yes');
  await expect(floor.page.getByText(`Add ${SOFIA.name} to the call`)).toBeVisible();
  await floor.letGo();
  await expect(sofia(floor).getByText('Ringing them…')).toBeVisible();
  await salon.carrier.hears(maria, OF_ANA);
  const { violations } = await new AxeBuilder({ page: floor.page }).include('#floor').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await salon.carrier.picksUp(SOFIA.number);
  const leg = await threeTalk(salon, floor, phone, maria);
  await expect(floor.call(MARIA).getByText('Talking, with Sofia Lazăr')).toBeVisible();
  await expect(floor.call(MARIA).getByRole('button', { name: 'Park', exact: true })).toBeHidden();
  // Whoever is in the call is not offered to be added again.
  const contact = await floor.contact('sofia', SOFIA);
  await expect(contact.getByText('In the call')).toBeVisible();
  await expect(contact.getByRole('button')).toBeHidden();

  await sofia(floor).getByRole('button', { name: 'Remove Sofia Lazăr from the call' }).click();
  await expect(sofia(floor)).toBeHidden();
  await expect(contact.getByRole('button', { name: 'Add Sofia Lazăr to the call' })).toBeVisible();
  await salon.carrier.isOver(leg);
  await salon.carrier.hearsNot(maria, OF_SOFIA);
  await salon.carrier.hears(maria, OF_ANA);
  await phone.hears(OF_MARIA);
});

test('by keyboard: from the menu to the contacts, and added with a key', async ({ salon }) => {
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await floor.choose(MARIA, 'Add somebody outside…');
  await expect(floor.agents.getByLabel('Name or number')).toBeFocused();
  await floor.page.keyboard.type('sofia');
  await floor.agents.getByRole('button', { name: 'Add Sofia Lazăr to the call' }).focus();
  await floor.page.keyboard.press('Enter');
  await threeTalk(salon, floor, phone, maria);
  await floor.choose(MARIA, 'Remove Sofia Lazăr from the call');
  await salon.carrier.hearsNot(maria, OF_SOFIA);
});

test('a finger drags a contact onto the call', async ({ salon }) => {
  const context = await salon.browserOf(ANA, { hasTouch: true, viewport: { width: 1024, height: 900 } });
  const ana = await salon.phoneIn(context, ANA);
  await ana.phone.switchOn();
  const { floor, phone, maria } = await anaTalksToMaria(salon, ana);
  const finger = await Finger.on(floor.page);
  await finger.longPress(await floor.contact('sofia', SOFIA));
  await finger.moveTo(floor.agent(ANA).getByText('You'));
  await expect(floor.page.getByText(`Add ${SOFIA.name} to the call`)).toBeVisible();
  await finger.lift();
  await threeTalk(salon, floor, phone, maria);
});

test('a number typed on the keys is added, and what is no number stays there and is said', async ({ salon }) => {
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await phone.press('Keypad');
  const field = phone.region.getByLabel('Number to call');
  await field.fill('12');
  await phone.press('Add to the call');
  await phone.says('This is not a phone number.');
  await expect(field).toHaveValue('12');
  await field.fill('0744 100 200');
  await phone.press('Add to the call');
  await expect(field).toHaveValue('');
  await threeTalk(salon, floor, phone, maria);
  // What is typed elsewhere still goes into the call.
  await floor.page.locator('body').press('5');
  await expect(phone.region.locator('.phone-digits')).toHaveText('5');
});

for (const [answers, words] of [
  ['rejects', 'Sofia Lazăr declined'],
  ['busy', 'Sofia Lazăr is on the phone'],
  ['unregistered', 'Sofia Lazăr could not be reached: check the number'],
] as const) {
  test(`who does not come is said: ${answers}`, async ({ salon }) => {
    const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
    await salon.carrier.called(SOFIA.number, { answers });
    await (await floor.contact('sofia', SOFIA)).getByRole('button', { name: 'Add Sofia Lazăr to the call' }).click();
    await expect(floor.call(MARIA).getByText(words)).toBeVisible();
    await expect(sofia(floor)).toBeHidden();
    await salon.carrier.hears(maria, OF_ANA);
    await phone.hears(OF_MARIA);
  });
}

test('holding holds everybody outside, and they hear music', async ({ salon }) => {
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await (await floor.contact('sofia', SOFIA)).getByRole('button', { name: 'Add Sofia Lazăr to the call' }).click();
  const leg = await threeTalk(salon, floor, phone, maria);
  await phone.press('Hold');
  await salon.carrier.hearsMusicNot(maria, OF_SOFIA);
  await salon.carrier.hearsMusicNot(leg, OF_MARIA);
  await expect(sofia(floor).getByText('On hold')).toBeVisible();
  await phone.press('Resume');
  await threeTalk(salon, floor, phone, maria);
});

test('whoever added somebody reloads the page and comes back to both; they hang up, and the caller goes on', async ({ salon }) => {
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await (await floor.contact('sofia', SOFIA)).getByRole('button', { name: 'Add Sofia Lazăr to the call' }).click();
  const leg = await threeTalk(salon, floor, phone, maria);
  await floor.page.reload();
  await salon.carrier.hearsMusicNot(leg, OF_MARIA);
  await phone.isOnACallWith(MARIA);
  await threeTalk(salon, floor, phone, maria);
  await salon.carrier.hangUp(leg);
  await expect(sofia(floor)).toBeHidden();
  await salon.carrier.hearsNot(maria, OF_SOFIA);
  await phone.hears(OF_MARIA);
  await expect(floor.call(MARIA).getByText('Talking', { exact: true })).toBeVisible();
});

test('a colleague and somebody outside are in one call, and whoever takes it over has both', async ({ salon }) => {
  const mihai = await salon.phoneOf(MIHAI, OF_MIHAI);
  const { floor, phone, maria } = await anaTalksToMaria(salon, await salon.phoneOf(ANA, OF_ANA));
  await salon.onDuty(MIHAI);
  await (await floor.contact('sofia', SOFIA)).getByRole('button', { name: 'Add Sofia Lazăr to the call' }).click();
  const leg = await threeTalk(salon, floor, phone, maria);
  await floor.agent(MIHAI).getByRole('button', { name: 'Add Mihai Ionescu to the call' }).click();
  await mihai.phone.rings(MARIA);
  await mihai.phone.press('Answer');
  await salon.carrier.hearsAll(leg, OF_ANA, OF_MARIA, OF_MIHAI);
  await phone.press('Hang up');
  await phone.isReady();
  await mihai.floor.isWith(MARIA, MIHAI);
  await salon.carrier.hearsAll(leg, OF_MARIA, OF_MIHAI);
  // Without any of us nobody outside is left with anybody.
  await mihai.phone.press('Hang up');
  await mihai.floor.isGone(MARIA);
  await expect.poll(async () => (await salon.carrier.truth()).conferences.filter(({ status }) => status !== 'completed')).toEqual([]);
  const live = async () => (await salon.carrier.truth()).calls.filter(({ status }) => status === 'in-progress');
  await expect.poll(live).toEqual([]);
});
