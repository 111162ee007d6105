import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import { ANA, MARIA, MIHAI, type Caller } from '../fixtures/people.ts';

test('a call is parked, retrieved and transferred with the keyboard alone', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);

  await pickUp(ana, MARIA);
  await aimAt(ana, 'Over slot 3');
  await ana.page.keyboard.press('Space');
  await ana.isParked(MARIA, 3);

  await pickUp(ana, MARIA);
  await aimAt(ana, `Over ${ANA.name}`);
  await ana.page.keyboard.press('Enter');
  await ana.isWith(MARIA, ANA, 'Ringing');
  await carrier.answer(ANA);
  await ana.isWith(MARIA, ANA);

  await pickUp(ana, MARIA);
  await aimAt(ana, `Over ${MIHAI.name}`);
  await ana.page.keyboard.press('Space');
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await salon.agrees(ana);
});

test('Escape puts the call back where it was', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await pickUp(ana, MARIA);
  await aimAt(ana, 'Over slot 2');
  await ana.page.keyboard.press('Escape');
  await ana.says(`Put back Call with ${MARIA.name}`);
  await ana.isWith(MARIA, ANA);
  await expect(ana.call(MARIA)).toBeFocused();
  await salon.agrees(ana);
});

test('the card of a call is reached with Tab, and M opens its menu', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await ana.page.locator('body').click({ position: { x: 1, y: 1 } });
  await expect(async () => {
    await ana.page.keyboard.press('Tab');
    await expect(ana.call(MARIA)).toBeFocused({ timeout: 50 });
  }).toPass();
  await ana.page.keyboard.press('m');
  await expect(ana.page.getByRole('menu')).toBeVisible();
  await expect(ana.page.getByRole('menuitem').first()).toBeFocused();
});

async function pickUp(floor: Floor, caller: Caller): Promise<void> {
  await floor.call(caller).focus();
  await floor.page.keyboard.press('Space');
  await floor.says(`Picked up Call with ${caller.name}`);
}

/** Arrow keys go through the places where the call can be dropped, and each is announced. */
async function aimAt(floor: Floor, announced: string): Promise<void> {
  await expect(async () => {
    await floor.page.keyboard.press('ArrowRight');
    await expect(floor.announcements.filter({ hasText: announced }).first()).toBeAttached({ timeout: 250 });
  }).toPass();
}
