// Makes the README's pictures: a busy floor on a desktop, light, and on a phone, dark.
//
//   . scripts/env.sh && node end2end/screenshots.mjs [folder]
//
// With --all: every page, whole, on a desktop, light, in English, and on a phone, dark, in Romanian; for looking at them.
//
//   . scripts/env.sh && node end2end/screenshots.mjs --all folder
//
// Uses the release build where there is one, else the development build, with a database of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumPath } from './chromium.mjs';
import { FIRST, furnish, MEMBERS, pathOf, STRANGERS } from './pages.mjs';

const repository = resolve(import.meta.dirname, '..');
const all = process.argv[2] === '--all';
if (all && !process.argv[3]) throw new Error('say where the pictures go: node end2end/screenshots.mjs --all folder');
const pictures = resolve(process.argv[all ? 3 : 2] ?? join(repository, 'docs'));
const site = 'http://127.0.0.1:3900';
const carrier = 'http://127.0.0.1:3901';
/** An installation on which nobody has been. */
const office = 'http://127.0.0.1:3902';
const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/switchyard/target');
const build = join(target, existsSync(join(target, 'release/switchyard')) ? 'release' : 'debug');
const folder = mkdtempSync(join(tmpdir(), 'switchyard-pictures-'));

const programs = [];
function start(name, args, env = {}, stdio = 'inherit') {
  const program = spawn(join(build, name), args, { cwd: repository, env: { ...process.env, ...env }, stdio });
  programs.push(program);
  return program;
}

async function until(what, check) {
  for (let tries = 0; tries < 400; tries++) {
    const done = await check().catch(() => false);
    if (done) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`it never came to this: ${what}`);
}

async function tell(method, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${carrier}/carrier/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function open(browser, id, options) {
  const context = await browser.newContext({ baseURL: site, locale: 'en-GB', timezoneId: 'Europe/Bucharest', ...options });
  await context.request.post('/sign-in/demo', { form: { agent: id } });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('main[data-ready]').waitFor();
  return page;
}

const ask = async (page, intent) => (await page.request.post('/api/fn/ask', { data: { intent } })).ok();
const call = async (from, to = '+40312345678') => (await tell('POST', 'calls', { from, to })).sid;

/** Two are parked, two are talked to, one rings, two wait. */
async function makeBusy(supervisor, mihai) {
  const presence = (agent, presence) => ask(supervisor, { set_presence: { agent, presence } });
  const status = (agent, status) => supervisor.locator(`#agent-${agent}[data-status=${status}]`).waitFor();
  const seat = async (agent, from, to) => {
    await presence(agent, 'available');
    const sid = await call(from, to);
    await status(agent, 'ringing');
    await until('an answer', () => tell('POST', `clients/salon_${agent}/answer`));
    await status(agent, 'on-call');
    return sid;
  };
  for (const agent of ['ana', 'mihai', 'elena', 'andrei']) {
    await tell('PUT', `clients/salon_${agent}`, { answers: 'never' });
    await presence(agent, 'away');
  }
  for (const [from, slot] of [['+40744100200', 2], ['+40755667788', 5]]) {
    const sid = await seat('mihai', from);
    await until('a parked call', () => ask(mihai, { move_call: { call: sid, to: { slot } } }));
    await supervisor.locator(`[data-drop="slot:${slot}"][data-state=taken]`).waitFor();
    await presence('mihai', 'away');
  }
  await seat('ana', '+40722111222');
  await seat('elena', '+40723456789', '+40312345679');
  await presence('andrei', 'available');
  // Time passes between one and the next, as it would.
  for (const from of ['+40731222333', '+40721555019', '+40745987654']) {
    await supervisor.waitForTimeout(9_000);
    await call(from);
  }
  await status('andrei', 'ringing');
  await supervisor.locator('#waiting [data-call]').nth(1).waitFor();
}

/** Each of these pages as one picture. */
async function takeAll(context, routes, things, look) {
  const page = await context.newPage();
  for (const route of routes) {
    await page.goto(pathOf(route, things));
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    if (route === '/') await page.locator('main[data-ready]').waitFor();
    await page.evaluate(() => document.fonts.ready);
    const name = route.slice(1).replaceAll('/', '-').replace(/[{}]/g, '') || 'floor';
    await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true, animations: 'disabled' });
  }
  await context.close();
}

/** Every page in both looks: the salon's owner's, a stranger's, and those of the first run. */
async function everyPage(browser, desktop, phone) {
  const first = start('switchyard', ['serve'], {
    PORT: '3902',
    PUBLIC_URL: office,
    TWILIO_URL: carrier,
    DATABASE_URL: `sqlite://${join(folder, 'office.db')}`,
    LEPTOS_SITE_ROOT: join(repository, 'target/site'),
    RUST_LOG: 'warn',
  }, ['ignore', 'pipe', 'inherit']);
  let printed = '';
  first.stdout.on('data', (text) => (printed += text));
  await until('a printed address', async () => /\/welcome\/\S+/.test(printed));

  // Somebody calls whom nobody picks up: the history is not empty.
  const missed = await call('+40799000001');
  await until('a call on the floor', () => tell('GET', 'truth').then(({ calls }) => calls.some(({ sid, status }) => sid === missed && status === 'in-progress')));
  await fetch(`${carrier}/carrier/calls/${missed}`, { method: 'DELETE' });

  const owner = await browser.newContext({ baseURL: site });
  await owner.request.post('/sign-in/demo', { form: { agent: 'cristina' } });
  const things = { ...(await furnish(owner.request)), code: /\/welcome\/(\S+)/.exec(printed)[1] };
  for (const [look, options] of Object.entries({ '1280-light': desktop, '390-dark-ro': { ...phone, locale: 'ro-RO' } })) {
    const context = (baseURL) => browser.newContext({ baseURL, locale: 'en-GB', timezoneId: 'Europe/Bucharest', ...options });
    const member = await context(site);
    await member.request.post('/sign-in/demo', { form: { agent: 'cristina' } });
    await takeAll(member, MEMBERS, things, look);
    await takeAll(await context(site), STRANGERS, things, look);
    await takeAll(await context(office), FIRST, things, look);
  }
  console.log(pictures);
}

let browser;
try {
  start('carrier', ['--port', '3901', '--cps', '1000'], { RUST_LOG: 'warn' });
  start('switchyard', ['demo'], {
    PORT: '3900',
    CARRIER_URL: carrier,
    DATABASE_URL: `sqlite://${join(folder, 'floor.db')}`,
    LEPTOS_SITE_ROOT: join(repository, 'target/site'),
    DEMO_CALLERS: 'false',
    DEMO_RING_SECS: '300',
    DEMO_PARK_SECS: '300',
    RUST_LOG: 'warn',
  });
  await until('a running server', async () => (await fetch(`${site}/readyz`)).ok);
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });

  await makeBusy(await open(browser, 'cristina'), await open(browser, 'mihai'));
  const desktop = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2, colorScheme: 'light' };
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'dark', isMobile: true, hasTouch: true };
  if (all) await everyPage(browser, desktop, phone);
  for (const [name, options] of all ? [] : Object.entries({ 'floor-light': desktop, 'floor-phone-dark': phone })) {
    const page = await open(browser, 'ana', options);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });
    console.log(join(pictures, `${name}.png`));
  }
} finally {
  await browser?.close();
  for (const program of programs) program.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
