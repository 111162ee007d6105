import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA, MIHAI } from '../fixtures/people.ts';

test.describe('a transfer that nobody takes', () => {
  test.use({ settings: { ring: 3, wrapUp: 30 } });

  test('comes back to the one who made it when it is not answered in time', async ({ salon }) => {
    await salon.onDuty(ANA, MIHAI);
    const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
    await salon.talk(MARIA, ANA, ana);
    await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
    await ana.isWith(MARIA, MIHAI, 'Ringing');
    for (const floor of [ana, mihai]) await floor.isWith(MARIA, ANA, 'Ringing');
    await expect(ana.call(MARIA)).toContainText('transfer not answered');
    await salon.carrier.answer(ANA);
    for (const floor of [ana, mihai]) await floor.isWith(MARIA, ANA);
    await expect.poll(() => salon.carrier.caller(MARIA)).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });
    await salon.agrees(ana);
  });

  test('comes back at once when it is declined', async ({ salon }) => {
    await salon.onDuty(ANA, MIHAI);
    const ana = await salon.floorOf(ANA);
    await salon.talk(MARIA, ANA, ana);
    await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
    await ana.isWith(MARIA, MIHAI, 'Ringing');
    await salon.carrier.reject(MIHAI);
    await ana.isWith(MARIA, ANA, 'Ringing');
    await salon.carrier.answer(ANA);
    await ana.isWith(MARIA, ANA);
    await salon.agrees(ana);
  });
});

test('a transfer is pulled back before it is answered', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  await salon.talk(MARIA, ANA, ana);
  await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await ana.call(MARIA).getByRole('button', { name: 'Cancel move' }).click();
  for (const floor of [ana, mihai]) await floor.isWith(MARIA, ANA, 'Ringing');
  await mihai.isDoing(MIHAI, 'Available');
  await salon.carrier.answer(ANA);
  await ana.isWith(MARIA, ANA);
  await salon.agrees(ana);
});

test('the caller hears music while the colleague is rung, and never an empty line', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
  await expect.poll(() => salon.carrier.caller(MARIA)).toEqual({ talksTo: null, ringsAt: 'mihai', onHold: true });
  await salon.carrier.answer(MIHAI);
  await expect.poll(() => salon.carrier.caller(MARIA)).toEqual({ talksTo: 'mihai', ringsAt: null, onHold: false });
  await ana.isWith(MARIA, MIHAI);
});

test.describe('a call that stays parked', () => {
  test.use({ settings: { park: 2, ring: 4 } });

  test('rings the one who parked it', async ({ salon }) => {
    await salon.onDuty(ANA);
    const ana = await salon.floorOf(ANA);
    await salon.park(MARIA, ANA, ana, 3);
    await ana.isWith(MARIA, ANA, 'Ringing');
    await expect(ana.call(MARIA)).toContainText('recall: slot 3');
    await salon.carrier.answer(ANA);
    await ana.isWith(MARIA, ANA);
    await salon.agrees(ana);
  });
});
