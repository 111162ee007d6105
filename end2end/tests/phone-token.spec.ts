// Access tokens end, talks do not: a fresh one is asked for in time, again when there is none, and at once when it is late or its
// key is gone.
import type { BrowserContext, WebSocketRoute } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, GEORGE, MARIA } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

const AGENT = 700;
const CALLER = 440;
/** The salon's account. */
const ACCOUNT = 'AC5a10a0000000000000000000000000de';
/** The page asks for the next token a minute before the end. */
const MARGIN_SECS = 60;

/** The signalling between a page and the carrier: which tokens it saw, and what the carrier is made to say. */
class Signalling {
  readonly tokens: string[] = [];
  private latest?: WebSocketRoute;
  private carrier?: WebSocketRoute;

  /** The first token lives for so many seconds, as far as the page is told. */
  static async of(context: BrowserContext, ttl?: number): Promise<Signalling> {
    const signalling = new Signalling();
    await context.routeWebSocket(/\/signal$/, (page) => {
      const carrier = page.connectToServer();
      [signalling.latest, signalling.carrier] = [page, carrier];
      page.onMessage((text) => {
        const { type, payload } = read(text);
        if (type === 'listen') signalling.tokens.push(payload.token);
        carrier.send(text);
      });
      carrier.onMessage((text) => {
        const message = read(text);
        if (ttl !== undefined && message.type === 'connected' && signalling.tokens.length === 1) message.payload.token.ttl = ttl;
        page.send(message.type === 'connected' ? JSON.stringify(message) : text);
      });
    });
    return signalling;
  }

  /** The carrier finds that the token has run out, as it does when the computer slept. */
  expires(): void {
    const error = { code: 31205, message: 'JWT token expired' };
    this.latest!.send(JSON.stringify({ type: 'error', version: '1.6', payload: { error } }));
  }

  /** The connection breaks, and the page makes another with the token that it has. */
  async breaks(): Promise<void> {
    await this.carrier!.close();
    await this.latest!.close();
  }

  /** Which API key the newest token comes from. */
  key(): string {
    const [, claims] = this.tokens.at(-1)!.split('.');
    return JSON.parse(Buffer.from(claims!, 'base64url').toString()).iss;
  }

  async tookToken(n: number): Promise<void> {
    await expect.poll(() => this.tokens.length, { message: `token ${n}`, timeout: 30_000 }).toBe(n);
  }
}

function read(text: string | Buffer): { type?: string; payload?: any } {
  const line = text.toString().trim();
  return line ? JSON.parse(line) : {};
}

/** Ana talks to Maria. */
async function talking(salon: Salon, ttl?: number) {
  const context = await salon.browserOf(ANA);
  const signalling = await Signalling.of(context, ttl);
  const { floor, phone } = await salon.phoneIn(context, ANA, { hertz: AGENT });
  await phone.switchOn();
  await salon.onDuty(ANA);
  const sid = await salon.carrier.call(MARIA, { sends: { tone: CALLER } });
  await phone.press('Answer');
  const bothHear = async () => {
    await phone.hears(CALLER);
    await salon.carrier.hears(sid, AGENT);
  };
  await bothHear();
  expect(signalling.tokens).toHaveLength(1);
  return { context, signalling, floor, phone, bothHear, leg: await salon.carrier.legOf(ANA) };
}

test('a token that ends during a call is renewed before, and the talk goes on', async ({ salon }) => {
  const { signalling, floor, phone, bothHear, leg } = await talking(salon, MARGIN_SECS + 18);
  const before = await salon.carrier.tokenEnds(ANA);
  await signalling.tookToken(2);
  await expect.poll(() => salon.carrier.tokenEnds(ANA)).toBeGreaterThan(before);
  await bothHear();
  expect(await salon.carrier.legOf(ANA)).toBe(leg);
  await expect(phone.region.getByRole('alert')).toBeHidden();
  // The phone is good for more.
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  const next = await salon.carrier.call(GEORGE, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(next, AGENT);
});

test('a server that is away when the token ends is asked again', async ({ salon }) => {
  const { context, signalling, bothHear, leg } = await talking(salon, MARGIN_SECS + 18);
  let refused = 0;
  await context.route('**/api/token', (route) => (refused++ < 2 ? route.fulfill({ status: 503 }) : route.continue()));
  await signalling.tookToken(2);
  expect(refused).toBe(3);
  await bothHear();
  expect(await salon.carrier.legOf(ANA)).toBe(leg);
});

test('a token that has run out is replaced at once, in a call and without one', async ({ salon }) => {
  const { signalling, floor, phone, bothHear, leg } = await talking(salon);
  signalling.expires();
  await signalling.tookToken(2);
  await bothHear();
  expect(await salon.carrier.legOf(ANA)).toBe(leg);
  await phone.press('Hang up');
  await floor.isGone(MARIA);
  signalling.expires();
  await signalling.tookToken(3);
  await phone.isReady();
  const next = await salon.carrier.call(GEORGE, { sends: { tone: CALLER } });
  await phone.press('Answer');
  await salon.carrier.hears(next, AGENT);
});

test('a key that is replaced opens nothing any more, and the phone goes on with the next', async ({ salon }) => {
  const admin = await (await salon.browserOf(CRISTINA)).newPage();
  /** Another key under Settings, Twilio; answers which. */
  const replaceKey = async () => {
    await admin.goto('/settings/twilio');
    await admin.getByRole('link', { name: 'Make a new API key' }).click();
    await admin.getByRole('button', { name: 'Replace the API key' }).click();
    await expect(admin.getByRole('status')).toContainText('A new API key is in use.');
    return (await admin.getByRole('definition').filter({ hasText: /^SK/ }).textContent())!;
  };
  // The salon's first key was there before, and would be left to whoever made it.
  const old = await replaceKey();
  const { signalling, floor, phone, bothHear, leg } = await talking(salon);
  expect(signalling.key()).toBe(old);
  await floor.page.evaluate(() => void ((window as any).isTheSame = true));

  const next = await replaceKey();
  const keys = await salon.carrier.keys(ACCOUNT);
  expect(keys).toContain(next);
  expect(keys).not.toContain(old);
  // Whoever talks does not notice.
  await bothHear();
  expect(await salon.carrier.legOf(ANA)).toBe(leg);
  await phone.press('Hang up');
  await floor.isGone(MARIA);

  await signalling.breaks();
  await expect.poll(() => signalling.key(), { message: 'a token of the next key', timeout: 30_000 }).toBe(next);
  await phone.isReady();
  const sid = await salon.carrier.call(GEORGE, { sends: { tone: CALLER } });
  await phone.rings(GEORGE);
  await phone.press('Answer');
  await phone.hears(CALLER);
  await salon.carrier.hears(sid, AGENT);
  expect(await floor.page.evaluate(() => (window as any).isTheSame), 'without a reload').toBe(true);
});
