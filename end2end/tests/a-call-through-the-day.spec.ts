import { expect, test } from '../fixtures/test.ts';
import { ANA, GEORGE, MARIA, MIHAI } from '../fixtures/people.ts';

/** Long enough to be seen, short enough to wait for. */
test.use({ settings: { wrapUp: 3 } });

test('a call rings, is parked by drag, retrieved, transferred, and ends in the history', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA, MIHAI);
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  const everywhere = [ana, mihai];

  const sid = await carrier.call(MARIA);
  for (const floor of everywhere) await floor.isWith(MARIA, ANA, 'Ringing');
  await carrier.answer(ANA);
  for (const floor of everywhere) await floor.isWith(MARIA, ANA);
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });

  await ana.drag(MARIA, ana.slot(3));
  for (const floor of everywhere) await floor.isParked(MARIA, 3);
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: null, ringsAt: null, onHold: true });
  await mihai.isDoing(ANA, 'Available');

  await ana.drag(MARIA, ana.agent(ANA));
  for (const floor of everywhere) await floor.isWith(MARIA, ANA, 'Ringing');
  await carrier.answer(ANA);
  for (const floor of everywhere) await floor.isWith(MARIA, ANA);
  await expect(ana.slot(3)).toHaveAccessibleName('Slot 3, empty');
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: 'ana', ringsAt: null, onHold: false });

  await ana.drag(MARIA, ana.agent(MIHAI));
  for (const floor of everywhere) await floor.isWith(MARIA, MIHAI, 'Ringing');
  await mihai.isDoing(ANA, 'Wrapping up');
  await carrier.answer(MIHAI);
  for (const floor of everywhere) await floor.isWith(MARIA, MIHAI);
  await ana.isDoing(ANA, 'Available');
  await expect.poll(() => carrier.caller(MARIA)).toEqual({ talksTo: 'mihai', ringsAt: null, onHold: false });

  await carrier.hangUp(sid);
  for (const floor of everywhere) await floor.isGone(MARIA);
  for (const floor of everywhere) await salon.agrees(floor);
  await ana.page.goto('/calls');
  const row = ana.page.getByRole('row', { name: MARIA.name });
  await expect(row).toContainText(MIHAI.name);
  await expect(row).toContainText('Answered');
  await expect(row).toContainText('Caller hung up');
});

test('callers ring whoever has been idle longest, the longest waiting first', async ({ salon }) => {
  await salon.onDuty();
  const floor = await salon.floorOf(ANA);
  await salon.carrier.call(MARIA);
  await floor.isWaiting(MARIA);
  await salon.carrier.call(GEORGE);
  await floor.isWaiting(GEORGE);
  await salon.onDuty(MIHAI, ANA);
  await floor.isWith(MARIA, MIHAI, 'Ringing');
  await floor.isWith(GEORGE, ANA, 'Ringing');
  await salon.agrees(floor);
});

test('an agent says on the own card whether calls may come', async ({ salon }) => {
  await salon.onDuty(ANA);
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  await ana.setPresence(ANA, 'Away');
  for (const floor of [ana, mihai]) await floor.isDoing(ANA, 'Away');
  await salon.carrier.call(MARIA);
  await ana.isWaiting(MARIA);
  await ana.setPresence(ANA, 'Available');
  for (const floor of [ana, mihai]) await floor.isWith(MARIA, ANA, 'Ringing');
});

test.describe('with a long time after each call', () => {
  test.use({ settings: { wrapUp: 300 } });

  test('an agent is left alone after a call, and ends that time when ready', async ({ salon }) => {
    await salon.onDuty(ANA);
    const ana = await salon.floorOf(ANA);
    await salon.carrier.hangUp(await salon.talk(MARIA, ANA, ana));
    await ana.isDoing(ANA, 'Wrapping up');
    await salon.carrier.call(GEORGE);
    await ana.isWaiting(GEORGE);
    await ana.agent(ANA).getByRole('button', { name: 'Ready now' }).click();
    await ana.isWith(GEORGE, ANA, 'Ringing');
    await salon.agrees(ana);
  });
});
