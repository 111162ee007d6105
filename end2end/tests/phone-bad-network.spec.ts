// Real audio over a network that is cut or bad: the talk goes on, and what is wrong is said in words.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA } from '../fixtures/people.ts';
import { Network } from '../fixtures/network.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const CALLER = 440;

/** Ana talks to Maria, and everything of Ana's goes through a network of her own. */
async function talking(salon: Salon) {
  const network = await Network.of(salon);
  // The server does not know of this network, and allows its pages only the carrier's own address.
  const context = await salon.browserOf(ANA, { baseURL: network.url, bypassCSP: true });
  await network.carries(context);
  const { floor, phone } = await salon.phoneIn(context, ANA, { hertz: AGENT });
  await phone.switchOn();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  const bothHear = async (timeout?: number) => {
    await phone.hears(CALLER, timeout);
    await salon.carrier.hears(sid, AGENT, timeout);
  };
  return { network, floor, phone, sid, bothHear };
}

test('everything is cut for five seconds: both hear each other again, on the same leg', async ({ salon }, info) => {
  const { network, floor, phone, sid, bothHear } = await talking(salon);
  const leg = await salon.carrier.legOf(ANA);
  await network.cut();
  await salon.carrier.hearsMusicNot(sid, AGENT);
  await phone.hearsNothing();
  // The length of the cut is the story.
  await phone.page.waitForTimeout(5_000);
  const mended = Date.now();
  await network.mend();
  await bothHear(20_000);
  info.annotations.push({ type: 'audio both ways after a cut', description: `${Date.now() - mended} ms` });
  await phone.isOnACallWith(MARIA);
  await floor.isWith(MARIA, ANA);
  expect(await salon.carrier.legOf(ANA)).toBe(leg);
  await salon.agrees(floor);
  await network.close();
});

test('only the audio is cut: the agent reads that nothing comes, and it comes back by itself', async ({ salon }) => {
  const { network, floor, phone, bothHear } = await talking(salon);
  network.audio.lost = 1;
  await phone.says('Nothing is being received.');
  network.audio.lost = 0;
  await bothHear(20_000);
  await expect(phone.region.getByText('Nothing is being received.')).toBeHidden();
  await salon.agrees(floor);
  await network.close();
});

test('words that get lost and words that come late are told apart', async ({ salon }) => {
  test.setTimeout(90_000);
  const { network, phone, bothHear } = await talking(salon);
  network.audio.lost = 0.2;
  await phone.says('Parts of what is said are being lost.', 20_000);
  network.audio.lost = 0;
  await expect(phone.region.getByText('Parts of what is said are being lost.')).toBeHidden({ timeout: 30_000 });
  network.audio.delay = 300;
  await phone.says('The connection is slow: voices may be late or torn.', 20_000);
  network.audio.delay = 0;
  await expect(phone.region.getByText(/The connection is slow/)).toBeHidden({ timeout: 30_000 });
  await bothHear();
  await network.close();
});

test('the microphone is taken away under the page: the agent reads that nothing is sent, until it is back', async ({ salon }) => {
  const context = await salon.browserOf(ANA);
  await context.addInitScript(() => {
    const Plain = window.RTCPeerConnection;
    const open: RTCPeerConnection[] = [];
    Object.assign(window, { open });
    window.RTCPeerConnection = class extends Plain {
      constructor(...args: ConstructorParameters<typeof Plain>) {
        super(...args);
        open.push(this);
      }
    };
  });
  const { phone } = await salon.phoneIn(context, ANA, { hertz: AGENT });
  await phone.switchOn();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(sid, AGENT);

  await phone.page.evaluate(async () => {
    const sender = (window as never as { open: RTCPeerConnection[] }).open.at(-1)!.getSenders().find(({ track }) => track)!;
    Object.assign(window, { sender, track: sender.track });
    await sender.replaceTrack(null);
  });
  await phone.says('Nothing is being sent: you may not be heard.', 20_000);
  await phone.page.evaluate(async () => {
    const { sender, track } = window as never as { sender: RTCRtpSender; track: MediaStreamTrack };
    await sender.replaceTrack(track);
  });
  await expect(phone.region.getByText('Nothing is being sent: you may not be heard.')).toBeHidden({ timeout: 20_000 });
  await salon.carrier.hears(sid, AGENT);
  await phone.hears(CALLER);
});
