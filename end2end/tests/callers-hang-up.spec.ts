import { expect, test } from '../fixtures/test.ts';
import type { Floor } from '../fixtures/floor.ts';
import { ANA, CRISTINA, MARIA, MIHAI, type Caller } from '../fixtures/people.ts';

/** Long enough to be seen, short enough to wait for. */
test.use({ settings: { wrapUp: 3 } });

test('while waiting', async ({ salon }) => {
  await salon.onDuty();
  const ana = await salon.floorOf(ANA);
  const sid = await salon.carrier.call(MARIA);
  await ana.isWaiting(MARIA);
  await salon.carrier.hangUp(sid);
  await ana.isGone(MARIA);
  await salon.agrees(ana);
  await isInHistory(ana, MARIA, 'Abandoned');
});

test('one of us ends it while they wait: the history says who, and not that they gave up', async ({ salon }) => {
  await salon.onDuty();
  const cristina = await salon.floorOf(CRISTINA);
  await salon.carrier.call(MARIA);
  await cristina.isWaiting(MARIA);
  await cristina.choose(MARIA, 'Hang up');
  await cristina.isGone(MARIA);
  await expect.poll(() => salon.carrier.caller(MARIA)).toBe(null);
  await isInHistory(cristina, MARIA, 'Ended while waiting', `${CRISTINA.name} hung up`);
});

test('while an agent is rung: the phone stops, and it is nobody’s miss', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  for (let n = 0; n < 3; n++) {
    const sid = await salon.carrier.call(MARIA);
    await ana.isWith(MARIA, ANA, 'Ringing');
    // The column says the same as the figures above it.
    await expect(ana.page.locator('[data-figure=waiting]')).toHaveText('1');
    await expect(ana.waiting.getByRole('paragraph').first()).toHaveText(/^1 ?\(1 ringing\)$/);
    await expect(ana.waiting.getByText('Nobody else is waiting')).toBeVisible();
    await expect.poll(async () => (await salon.carrier.caller(MARIA))?.ringsAt).toBe('ana');
    await salon.carrier.hangUp(sid);
    await ana.isGone(MARIA);
    // Two misses would have made her away.
    await ana.isDoing(ANA, 'Available');
    await expect.poll(() => ringingLegs(salon)).toBe(0);
  }
  await salon.agrees(ana);
  await isInHistory(ana, MARIA, 'Abandoned');
});

test('while parked: the slot is free', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  const sid = await salon.park(MARIA, ANA, ana, 3);
  await salon.carrier.hangUp(sid);
  await ana.isGone(MARIA);
  await expect(ana.slot(3)).toHaveAccessibleName('Slot 3, empty');
  await ana.isDoing(ANA, 'Available');
  await salon.agrees(ana);
  await isInHistory(ana, MARIA, 'Answered');
});

test('while being transferred: the colleague is free', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  const sid = await salon.talk(MARIA, ANA, ana);
  await ana.choose(MARIA, `Transfer to ${MIHAI.name}`);
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await salon.carrier.hangUp(sid);
  await ana.isGone(MARIA);
  await ana.isDoing(MIHAI, 'Available');
  await ana.isDoing(ANA, 'Available');
  await expect.poll(() => ringingLegs(salon)).toBe(0);
  await salon.agrees(ana);
  await isInHistory(ana, MARIA, 'Answered');
});

test('while being talked to: the agent wraps up, and is free after it', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  const sid = await salon.talk(MARIA, ANA, ana);
  await salon.carrier.hangUp(sid);
  await ana.isGone(MARIA);
  await ana.isDoing(ANA, 'Wrapping up');
  await ana.isDoing(ANA, 'Available');
  await salon.agrees(ana);
});

test('an agent’s phone that breaks off leaves the caller on the line, and somebody else is rung', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  await salon.carrier.drop(ANA);
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await salon.carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await expect.poll(() => salon.carrier.caller(MARIA)).toEqual({ talksTo: 'mihai', ringsAt: null, onHold: false });
  await salon.agrees(ana);
});

async function ringingLegs(salon: { carrier: { truth(): Promise<{ calls: { to: string; status: string }[] }> } }) {
  const { calls } = await salon.carrier.truth();
  return calls.filter(({ to, status }) => to.startsWith('client:') && ['queued', 'initiated', 'ringing'].includes(status)).length;
}

async function isInHistory(floor: Floor, caller: Caller, outcome: string, by = 'Caller hung up'): Promise<void> {
  await floor.page.goto('/calls');
  const row = floor.page.getByRole('row', { name: caller.name }).first();
  await expect(row).toContainText(outcome);
  await expect(row).toContainText(by);
}
