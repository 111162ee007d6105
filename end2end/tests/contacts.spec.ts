// Whom the company knows outside: kept on pages of their own, found on the floor, called by a drag, a finger or a key, and
// forgotten when they ask for it.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA, stranger, type Caller } from '../fixtures/people.ts';
import type { Phone } from '../fixtures/phone.ts';
import { Finger } from '../fixtures/touch.ts';
import type { Salon } from '../fixtures/salon.ts';

const OF_ANA = 700;
const OF_THEM = 520;
const NEW: Caller = { number: '+40721000111', name: 'Ștefan Țuțu' };

/** They answer after a moment, and hear each other. */
async function talk(salon: Salon, phone: Phone, who: Caller) {
  await phone.isOnACallWith(who);
  await phone.hears(OF_THEM);
  await salon.carrier.hears(await salon.carrier.legTo(who.number), OF_ANA);
}

test('a contact is added, found on the floor without accents, and dragged onto the own card', async ({ salon }) => {
  await salon.carrier.called(NEW.number, { answers: 'after_ms', after_ms: 300, sends: { tone: OF_THEM } });
  const { floor, phone } = await salon.phoneOf(ANA, OF_ANA);
  await floor.page.getByRole('link', { name: 'Contacts', exact: true }).click();
  await floor.page.getByRole('link', { name: 'Add a contact' }).click();
  await floor.page.getByLabel('Name', { exact: true }).fill(NEW.name);
  await floor.page.getByLabel('Number', { exact: true }).fill('0721 000 111');
  await floor.page.getByLabel('Note').fill('Comes on Fridays');
  await floor.page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(floor.page.getByText('Saved.')).toBeVisible();
  await expect(floor.page.getByLabel('Note')).toHaveValue('Comes on Fridays');

  await floor.open();
  await phone.isReady();
  const card = await floor.contact('stefan', NEW);
  await floor.carry(card, floor.agent(ANA));
  await expect(floor.page.getByText(`Call ${NEW.name}`)).toBeVisible();
  await floor.letGo();
  await talk(salon, phone, NEW);
  await floor.isWith(NEW, ANA);
  await phone.press('Hang up');
  await phone.isReady();
});

test('with the contacts open the page is no longer than the window, and the phone stays where it is', async ({ salon }) => {
  const { page } = await salon.floorOf(ANA, { viewport: { width: 1280, height: 800 } });
  await page.getByRole('button', { name: 'Contacts', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Call Maria Enache/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(800);
});

test('a finger drags a contact, and a key calls one', async ({ salon }) => {
  await salon.carrier.called(MARIA.number, { answers: 'after_ms', after_ms: 300, sends: { tone: OF_THEM } });
  const context = await salon.browserOf(ANA, { hasTouch: true, viewport: { width: 1024, height: 900 } });
  const { floor, phone } = await salon.phoneIn(context, ANA);
  await phone.switchOn();
  const finger = await Finger.on(floor.page);
  const card = await floor.contact('0722 111', MARIA);
  await finger.longPress(card);
  await finger.moveTo(floor.agent(ANA).getByText('You'));
  await finger.lift();
  await talk(salon, phone, MARIA);
  await phone.press('Hang up');
  await phone.isReady();

  await floor.agents.getByLabel('Name or number').press('Escape');
  await expect(card).toBeHidden();
  await floor.page.keyboard.press('f');
  await expect(floor.agents.getByLabel('Name or number')).toBeFocused();
  await floor.page.keyboard.type('maria');
  await expect(card).toHaveCount(1);
  await card.getByRole('button', { name: `Call ${MARIA.name}` }).focus();
  await floor.page.keyboard.press('Enter');
  await talk(salon, phone, MARIA);
});

test('from the history to a contact, and from the contact to a call', async ({ salon }) => {
  const caller = { number: '+40799000001', name: '+40 799 000 001' };
  await salon.carrier.called(caller.number, { answers: 'after_ms', after_ms: 300, sends: { tone: OF_THEM } });
  const { floor, phone } = await salon.phoneOf(ANA, OF_ANA);
  await salon.onDuty();
  const missed = await salon.carrier.call(caller);
  await floor.isWaiting(caller);
  await salon.carrier.hangUp(missed);
  await floor.isGone(caller);
  await floor.page.goto('/calls');
  await floor.page.getByRole('link', { name: 'Add as contact: +40 799 000 001' }).click();
  await floor.page.getByLabel('Name', { exact: true }).fill('Livia Ene');
  await floor.page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(floor.page.getByRole('heading', { name: 'Livia Ene' })).toBeVisible();
  await expect(floor.page.locator('[data-outcome]')).toHaveText(['Abandoned']);
  await floor.page.getByRole('link', { name: 'Call +40 799 000 001' }).click();
  await talk(salon, phone, { ...caller, name: 'Livia Ene' });
});

test('when there are more than fit, the floor says so, and leads to the list', async ({ salon }) => {
  const floor = await salon.floorOf(ANA);
  for (let n = 1; n <= 7; n++) {
    const form = { name: `Ștefan & fiii ${n}`, number: `072100011${n}`, note: '' };
    expect((await floor.page.request.post('/contacts/new', { form, maxRedirects: 0 })).status()).toBe(303);
  }
  await floor.contact('stefan & fiii', { number: '+40721000111', name: 'Ștefan & fiii 1' });
  await expect(floor.agents.getByRole('button', { name: /^Call Ștefan/ })).toHaveCount(6);
  const more = floor.agents.getByRole('link', { name: 'There are more: type on, or open the list' });
  await expect(more).toBeVisible();
  await floor.agents.getByLabel('Name or number').fill('stefan & fiii 7');
  await expect(more).toBeHidden();
  await floor.agents.getByLabel('Name or number').fill('stefan & fiii');
  await more.click();
  await expect(floor.page.getByRole('row', { name: /fiii 7/ })).toBeVisible();
  await expect(floor.page.getByRole('searchbox')).toHaveValue('stefan & fiii');
});

test('what the server cannot say is said', async ({ salon }) => {
  const floor = await salon.floorOf(ANA);
  await floor.contact('maria', MARIA);
  await floor.page.route('**/api/fn/find_contacts', (route) => route.abort());
  await floor.agents.getByLabel('Name or number').fill('mar');
  await expect(floor.agents.getByText('The contacts could not be loaded')).toBeVisible();
  await floor.page.unroute('**/api/fn/find_contacts');
  await floor.agents.getByLabel('Name or number').fill('nobody of that name');
  await expect(floor.agents.getByText('Nobody found')).toBeVisible();
});

for (const [name, options] of [
  ['a desktop, light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['a phone, dark', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }],
] as const) {
  test(`contacts and privacy are accessible on ${name}`, async ({ salon }) => {
    test.slow();
    const violations = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html)}`);
    };
    const page = await (await salon.browserOf(CRISTINA, options)).newPage();
    for (const path of ['/contacts', '/contacts?q=nobody', '/contacts/new', '/settings/privacy']) {
      await page.goto(path);
      expect.soft(await violations(), path).toEqual([]);
    }
    await page.goto('/contacts/new');
    await page.getByLabel('Name', { exact: true }).fill('Nobody');
    await page.getByLabel('Number', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByLabel('Number', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    expect.soft(await violations(), 'a fault').toEqual([]);
    await page.goto('/contacts');
    await page.getByRole('link', { name: MARIA.name }).click();
    expect.soft(await violations(), 'a contact').toEqual([]);

    const floor = await salon.floorIn(page.context(), CRISTINA);
    await salon.onDuty();
    const missed = await salon.carrier.call(stranger(1));
    await floor.isWaiting(stranger(1));
    await salon.carrier.hangUp(missed);
    await floor.isGone(stranger(1));
    await page.goto('/calls');
    await expect(page.getByRole('link', { name: 'Add as contact' })).toBeVisible();
    expect.soft(await violations(), 'history').toEqual([]);
    await page.goto('/');
    await expect(page.getByRole('main')).toHaveAttribute('data-ready', '');
    await page.getByRole('button', { name: 'Contacts' }).click();
    await expect(page.getByRole('button', { name: `Call ${MARIA.name}` })).toBeVisible();
    expect.soft(await violations(), 'found on the floor').toEqual([]);
  });
}
