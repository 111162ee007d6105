import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, GEORGE, MARIA, MIHAI } from '../fixtures/people.ts';

test('an agent does with the menu what can be dragged', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);

  await ana.choose(MARIA, 'Park');
  await ana.isParked(MARIA, 1);
  await ana.choose(MARIA, 'Park in slot 3');
  await ana.isParked(MARIA, 3);
  await ana.choose(MARIA, 'Retrieve');
  await ana.isWith(MARIA, ANA, 'Ringing');
  await carrier.answer(ANA);
  await ana.isWith(MARIA, ANA);
  await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await salon.agrees(ana);
});

test('callers are picked up, given away, put back into the queue and hung up by menu', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty();
  const [ana, cristina] = [await salon.floorOf(ANA), await salon.floorOf(CRISTINA)];
  await carrier.call(MARIA);
  await ana.isWaiting(MARIA);
  await ana.choose(MARIA, 'Pick up');
  await ana.isWith(MARIA, ANA, 'Ringing');
  await carrier.answer(ANA);
  await ana.isWith(MARIA, ANA);
  await ana.choose(MARIA, 'Back to the queue');
  for (const floor of [ana, cristina]) await floor.isWaiting(MARIA);
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: null, ringsAt: null, onHold: true });

  await ana.choose(MARIA, 'Park in slot 5');
  await ana.isParked(MARIA, 5);
  await salon.onDuty(MIHAI);
  await cristina.choose(MARIA, `Transfer to ${MIHAI.name}`);
  for (const floor of [ana, cristina]) await floor.isWith(MARIA, MIHAI, 'Ringing');
  await cristina.choose(MARIA, 'Cancel move');
  for (const floor of [ana, cristina]) await floor.isParked(MARIA, 5);
  await cristina.isDoing(MIHAI, 'Available');

  await cristina.choose(MARIA, 'Hang up');
  for (const floor of [ana, cristina]) await floor.isGone(MARIA);
  await expect.poll(() => carrier.callers()).toEqual({});
  await salon.agrees(ana);
});

test('the menu offers only what is possible', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.park(GEORGE, ANA, ana, 2);
  await salon.talk(MARIA, ANA, ana);
  const menu = await ana.menu(MARIA);
  await expect(menu.getByRole('menuitem', { name: 'Park in slot 1', exact: true })).toBeEnabled();
  for (const item of ['Park in slot 2', `Transfer to ${MIHAI.name}`, 'Retrieve', 'Pick up', 'Cancel move']) {
    const offered = menu.getByRole('menuitem', { name: item, exact: true }).and(ana.page.locator(':not([aria-disabled=true])'));
    await expect(offered).toHaveCount(0);
  }
  await ana.page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(ana.call(MARIA).getByRole('button', { name: 'Move to…' })).toBeFocused();
});
