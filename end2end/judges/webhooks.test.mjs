// An independent judge of webhooks: the library that Standard Webhooks publishes verifies what the server sends.
//
//   CARRIER_BIN=target/debug/carrier node --test end2end/judges/webhooks.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const PATIENCE = 20_000;
const EVENTS = ['call.arrived', 'call.ended'];

const programs = [];
const received = [];
let folder;
let crm;
let carrier;
let server;
let cookie;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function until(what, is) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await is();
    if (found) return found;
    assert.ok(Date.now() < deadline, `never: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const answers = (url) => fetch(url).then(({ ok }) => ok, () => false);

/** A program that is ready; it ends with the tests. */
async function start(name, args, env, health) {
  const bin = join(dirname(process.env.CARRIER_BIN), name);
  programs.push(spawn(bin, args, { env: { ...process.env, ...env }, stdio: 'ignore' }));
  await until(`${name} is ready`, () => answers(health));
}

/** A form, as a browser in which the owner is signed in sends it. */
async function submit(path, form) {
  const headers = cookie ? { cookie } : {};
  const answer = await fetch(`${server}${path}`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });
  cookie ??= answer.headers.getSetCookie().find((one) => one.startsWith('switchyard_'))?.split(';')[0];
  return answer.text();
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-webhooks-'));
  crm = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise((done) => crm.listen(0, '127.0.0.1', done));
  const [first, second] = [await freePort(), await freePort()];
  [carrier, server] = [`http://127.0.0.1:${first}`, `http://127.0.0.1:${second}`];
  await start('carrier', ['--port', String(first)], {}, `${carrier}/healthz`);
  const env = { PORT: String(second), CARRIER_URL: carrier, DATABASE_URL: `sqlite://${join(folder, 'floor.db')}`, DEMO_CALLERS: 'false' };
  await start('switchyard', ['demo'], env, `${server}/readyz`);
  await submit('/sign-in/demo', { agent: 'cristina' });
});

after(async () => {
  for (const program of programs) program.kill('SIGKILL');
  crm.close();
  await rm(folder, { recursive: true, force: true });
});

test('what the server sends is verified by the library, and nothing else is', async () => {
  const form = { name: 'Judge', url: `http://127.0.0.1:${crm.address().port}/`, ...Object.fromEntries(EVENTS.map((event) => [`event-${event}`, 'yes'])) };
  const [secret] = /whsec_[\w+/]+=*/.exec(await submit('/settings/webhooks', form));
  const call = { from: '+40722111222', to: '+40312345678', behaviour: { hangs_up_after_ms: 100 } };
  const headers = { 'content-type': 'application/json' };
  assert.ok((await fetch(`${carrier}/carrier/calls`, { method: 'POST', headers, body: JSON.stringify(call) })).ok);
  await until('the call is told of', () => received.length === EVENTS.length);
  const webhook = new Webhook(secret);
  const told = received.map(({ headers, body }) => webhook.verify(body, headers));
  assert.deepEqual(told.map(({ type }) => type).sort(), EVENTS);
  assert.ok(told.every(({ timestamp, data }) => !Number.isNaN(Date.parse(timestamp)) && data.call.number === call.from));

  const { headers: sent, body } = received[0];
  const refused = (headers, body) => assert.throws(() => webhook.verify(body, headers), WebhookVerificationError);
  refused(sent, body.replace('722', '723'));
  refused({ ...sent, 'webhook-id': 'msg_other' }, body);
  refused({ ...sent, 'webhook-timestamp': String(Number(sent['webhook-timestamp']) - 1) }, body);
  assert.throws(() => new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`).verify(body, sent), WebhookVerificationError);
});
