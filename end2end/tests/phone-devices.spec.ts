// Microphone, speaker and ring: changed during a call, remembered, and pulled out. The browser makes three of each up.
import { expect, test } from '../fixtures/test.ts';
import { ANA, GEORGE, MARIA } from '../fixtures/people.ts';
import type { Phone } from '../fixtures/phone.ts';
import type { Salon } from '../fixtures/salon.ts';

const MICROPHONES = { 'Fake Default Audio Input': 700, 'Fake Audio Input 1': 800, 'Fake Audio Input 2': 900 };
const CALLER = 440;

async function talking(salon: Salon) {
  const ana = await salon.silentPhoneOf(ANA, { tones: MICROPHONES });
  await ana.phone.switchOn();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await ana.phone.press('Answer');
  await ana.phone.hears(CALLER);
  await salon.carrier.hears(sid, 700);
  await ana.phone.press('Sound');
  return { ...ana, sid };
}

const choose = (phone: Phone, what: string, device: string) => phone.region.getByLabel(what, { exact: true }).selectOption({ label: device });

/** Waits until something is played through a device. */
async function isPlayed(phone: Phone, what: string, device: string): Promise<void> {
  const devices = () => phone.page.evaluate((what) => (window as any).playing(what), what);
  await expect.poll(devices, { message: `${what} is played through ${device}` }).toContain(device);
}

const unplug = (phone: Phone, device: string) => phone.page.evaluate((device) => (window as any).unplug(device), device);

test('another microphone and speaker take over in the middle of a call, and stay chosen', async ({ salon }) => {
  const { floor, phone, sid } = await talking(salon);
  await isPlayed(phone, 'call', 'Fake Default Audio Output');
  await choose(phone, 'Microphone', 'Fake Audio Input 2');
  await salon.carrier.hears(sid, 900);
  await choose(phone, 'Speaker', 'Fake Audio Output 1');
  await isPlayed(phone, 'call', 'Fake Audio Output 1');
  await phone.hears(CALLER);
  await choose(phone, 'Ring', 'Fake Audio Output 2');

  await floor.page.reload();
  await phone.isOnACallWith(MARIA);
  await salon.carrier.hears(sid, 900, 15_000);
  await isPlayed(phone, 'call', 'Fake Audio Output 1');
  await phone.press('Sound');
  for (const [what, device] of [['Microphone', 'Fake Audio Input 2'], ['Speaker', 'Fake Audio Output 1'], ['Ring', 'Fake Audio Output 2']] as const) {
    await expect(phone.region.getByLabel(what, { exact: true }).locator('option:checked')).toHaveText(device);
  }
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  await salon.carrier.call(GEORGE);
  await isPlayed(phone, 'ring.wav', 'Fake Audio Output 2');
});

test('a microphone that is pulled out ends no call: the next one is heard', async ({ salon }) => {
  const { floor, phone, sid } = await talking(salon);
  await choose(phone, 'Microphone', 'Fake Audio Input 1');
  await salon.carrier.hears(sid, 800);
  await unplug(phone, 'Fake Audio Input 1');
  await salon.carrier.hears(sid, 700);
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER);
  // Chosen before the call, it is pulled out as well.
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  await choose(phone, 'Microphone', 'Fake Audio Input 2');
  const next = await salon.carrier.call(GEORGE, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(next, 900);
  await unplug(phone, 'Fake Audio Input 2');
  await salon.carrier.hears(next, 700);
  await phone.isOnACallWith(GEORGE);
});

test('a speaker that is pulled out ends no call: the system’s takes over', async ({ salon }) => {
  const { phone, sid } = await talking(salon);
  await choose(phone, 'Speaker', 'Fake Audio Output 1');
  await isPlayed(phone, 'call', 'Fake Audio Output 1');
  await unplug(phone, 'Fake Audio Output 1');
  await isPlayed(phone, 'call', 'Fake Default Audio Output');
  await phone.isOnACallWith(MARIA);
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, 700);
});
