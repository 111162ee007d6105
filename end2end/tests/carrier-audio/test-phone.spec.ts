// The test phone: a visitor with a microphone calls a number and hears the call flow.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, near, NUMBER, test, tone } from '../../fixtures/softphone.ts';

/** A microphone that hears a tone, and an ear for what comes back. */
function microphone(hertz: number): void {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const out = context.createMediaStreamDestination();
  oscillator.connect(out);
  oscillator.start();
  navigator.mediaDevices.getUserMedia = async () => out.stream.clone();
  (window as any).heard = () => {
    const stream = (document.getElementById('ear') as HTMLAudioElement).srcObject as MediaStream | null;
    if (!stream) return null;
    if ((window as any).listened !== stream) {
      (window as any).listened = stream;
      const node = new AnalyserNode(context, { fftSize: 32768, smoothingTimeConstant: 0 });
      context.createMediaStreamSource(stream).connect(node);
      (window as any).node = node;
    }
    const bins = new Float32Array((window as any).node.frequencyBinCount);
    (window as any).node.getFloatFrequencyData(bins);
    const top = bins.reduce((best, value, at) => (value > bins[best]! ? at : best), 0);
    return bins[top]! > -70 ? (top * context.sampleRate) / 32768 : null;
  };
}

const hears = (page: Page, hertz: number) =>
  expect.poll(async () => near(await page.evaluate(() => (window as any).heard()), hertz), { message: `hears ${hertz} Hz` }).toBe(true);

async function open(page: Page, url: string): Promise<void> {
  await page.addInitScript(microphone, 900);
  await page.goto(`${url}/phone`);
}

test('a visitor calls, presses keys, and talks to an agent', async ({ exchange, softphone, page }) => {
  exchange.twiml('/voice', `<Gather action="/choice" numDigits="1"><Play loop="0">${exchange.at('/menu.wav')}</Play></Gather>`);
  exchange.file('/menu.wav', 'audio/wav', tone(1200));
  exchange.twiml('/choice', '<Dial><Client>ana</Client></Dial>');
  const ana = await softphone('ana', 700);
  await open(page, exchange.url);
  await expect(page.getByRole('combobox')).toHaveValue(NUMBER);
  await page.getByLabel('Your number').fill('+40744000111');
  await page.getByRole('button', { name: 'Call' }).click();
  await hears(page, 1200);
  await expect(page.getByText('Connected')).toBeVisible();
  await page.getByRole('button', { name: '2' }).click();
  expect((await exchange.webhook('/choice')).get('Digits')).toBe('2');
  await hears(page, 425);
  const { parameters } = await ana.told('incoming');
  expect(parameters.From).toBe('+40744000111');
  await ana.run('call.accept()');
  await ana.hears(900);
  await hears(page, 700);

  await page.getByRole('button', { name: 'Mute' }).click();
  await ana.hearsNothing();
  await page.getByRole('button', { name: 'Mute' }).click();
  await ana.hears(900);
  await page.getByRole('button', { name: 'Hang up' }).click();
  await ana.told('disconnect');
  await expect(page.getByText('You hung up.')).toBeVisible();
});

test('it says how a call ended', async ({ exchange, page }) => {
  exchange.twiml('/voice', '<Reject reason="busy"/>');
  await open(page, exchange.url);
  await page.getByRole('button', { name: 'Call' }).click();
  await expect(page.getByText('The number is busy.')).toBeVisible();
  exchange.twiml('/voice', '<Pause length="60"/>');
  await page.getByRole('button', { name: 'Call' }).click();
  await expect(page.getByText('Ringing…')).toBeVisible();
  await hears(page, 425);
  const { calls } = (await exchange.control('GET', 'truth')) as { calls: { sid: string; status: string }[] };
  const ringing = calls.find((call) => call.status === 'ringing')!;
  await page.close();
  await expect.poll(async () => (await exchange.leg(ringing.sid)).status).toBe('no-answer');
});

test('without a microphone it says what to do', async ({ exchange, page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('', (window as any).trouble);
    };
  });
  await page.goto(`${exchange.url}/phone`);
  for (const [trouble, words] of [['NotAllowedError', 'The microphone is not allowed.'], ['NotFoundError', 'No microphone was found.']]) {
    await page.evaluate((trouble) => ((window as any).trouble = trouble), trouble);
    await page.getByRole('button', { name: 'Call' }).click();
    await expect(page.getByText(words!)).toBeVisible();
  }
  expect(exchange.webhooks).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`it is accessible and fits a small screen (${colorScheme})`, async ({ exchange, page }, info) => {
    exchange.twiml('/voice', '<Dial><Conference>room</Conference></Dial>');
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 700 });
    await open(page, exchange.url);
    const check = async (name: string) => {
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
    };
    await check('ready');
    await page.getByRole('button', { name: 'Română' }).click();
    await expect(page.getByRole('heading')).toHaveText('Telefon de probă');
    await page.getByRole('button', { name: 'Sună' }).click();
    await expect(page.getByText('În convorbire')).toBeVisible();
    await check('talking');
  });
}
