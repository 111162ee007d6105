// How fast a phone in a page is: from a caller's call to the ring on the agent's page, and from the answer to the first
// audio in each direction. Real Chromium, the unmodified Voice SDK, the release build; prints a table and writes
// target/bench/phone.json. SWITCHYARD_BIN, CARRIER_BIN and BENCH_SITE say what is measured.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumPath } from './chromium.mjs';

const CALLS = 30;
const [port, carrierPort] = [20_000 + (process.pid % 5_000), 26_000 + (process.pid % 5_000)];
const [url, carrier] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${carrierPort}`];
const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const env = {
  ...process.env,
  PORT: String(port),
  CARRIER_URL: carrier,
  DATABASE_URL: `sqlite://${folder}/floor.db`,
  LEPTOS_SITE_ROOT: process.env.BENCH_SITE,
  DEMO_CALLERS: 'false',
  DEMO_WRAP_UP_SECS: '0',
  RUST_LOG: 'error',
};
const programs = [
  // As many calls a second as for `make run`: with carrier's one a second the agent's leg would wait for its turn.
  spawn(process.env.CARRIER_BIN, ['--port', String(carrierPort), '--cps', '30'], { stdio: 'ignore' }),
  spawn(process.env.SWITCHYARD_BIN, ['demo'], { env, stdio: 'ignore' }),
];
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: ['--no-sandbox', '--allow-loopback-in-peer-connection', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});

try {
  while (!(await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false))) await new Promise((done) => setTimeout(done, 50));
  const context = await browser.newContext({ baseURL: url, locale: 'en-US', permissions: ['microphone'] });
  await context.addInitScript(() => {
    const Peer = RTCPeerConnection;
    // The latest connection of this page, whose statistics say when the first packet came.
    window.RTCPeerConnection = class extends Peer {
      constructor(configuration) {
        super(configuration);
        window.peer = this;
      }
    };
  });
  // Only one agent takes calls: the rings are theirs.
  for (const agent of ['mihai', 'elena', 'andrei']) await presence(agent, 'offline');
  await context.request.post('/sign-in/demo', { form: { agent: 'ana' } });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('button', { name: /Switch the phone on|Go available/ }).click();
  await page.getByRole('region', { name: 'Phone', exact: true }).getByText('Phone ready').waitFor();

  const [ring, hears, heard] = [[], [], []];
  for (let n = 0; n < CALLS; n++) {
    const button = page.getByRole('button', { name: 'Answer', exact: true });
    const rings = page.evaluate(shown);
    const called = Date.now();
    const body = JSON.stringify({ from: '+40722111222', to: '+40312345678', behaviour: { sends: { tone: 440 } } });
    const { sid } = await (await fetch(`${carrier}/carrier/calls`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
    ring.push((await rings) - called);
    const waits = button.evaluate(async (button) => {
      const started = performance.now();
      button.click();
      for (;;) {
        const live = window.peer && window.peer.connectionState !== 'closed';
        const stats = live ? [...(await window.peer.getStats()).values()] : [];
        if (stats.some((one) => one.type === 'inbound-rtp' && one.packetsReceived > 0)) return performance.now() - started;
        await new Promise((done) => setTimeout(done, 5));
      }
    });
    const answered = Date.now();
    for (;;) {
      const { calls } = await (await fetch(`${carrier}/carrier/truth`)).json();
      const call = calls.find((call) => call.sid === sid);
      const leg = calls.find((leg) => leg.conference && leg.conference === call.conference && leg.to.startsWith('client:'));
      if (leg && leg.packets_in > 0) break;
    }
    heard.push(Date.now() - answered);
    hears.push(await waits);
    await fetch(`${carrier}/carrier/calls/${sid}`, { method: 'DELETE' });
    await page.getByRole('region', { name: 'Phone', exact: true }).getByText('Phone ready').waitFor();
  }
  report([
    ['call → ring on the page', ring],
    ['answer → the agent hears', hears],
    ['answer → the agent is heard', heard],
  ]);
} finally {
  await browser.close();
  for (const program of programs) program.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Runs in the page: when its phone shows the next call. Asking from outside again and again would see it later. */
function shown() {
  const panel = document.querySelector('.phone-incoming');
  return new Promise((done) => {
    const look = () => panel.hidden || done(Date.now());
    new MutationObserver(look).observe(panel, { attributes: true, attributeFilter: ['hidden'] });
    look();
  });
}

async function presence(agent, presence) {
  const context = await browser.newContext({ baseURL: url });
  await context.request.post('/sign-in/demo', { form: { agent } });
  await context.request.post('/api/fn/ask', { data: { intent: { set_presence: { agent, presence } } } });
  await context.close();
}

function report(rows) {
  const at = (values, p) => values.toSorted((a, b) => a - b)[Math.ceil((values.length * p) / 100) - 1];
  const figures = rows.map(([what, values]) => ({ what, p50: at(values, 50), p95: at(values, 95), calls: values.length }));
  console.log(`\n${'what'.padEnd(34)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}`);
  for (const { what, p50, p95 } of figures) console.log(what.padEnd(34) + p50.toFixed(0).padStart(10) + p95.toFixed(0).padStart(10));
  const file = join(import.meta.dirname, '../target/bench/phone.json');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(figures, null, 2));
}
