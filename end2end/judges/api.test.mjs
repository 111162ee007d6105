// An independent judge of the API: whether its description is OpenAPI, and whether what a running server answers is what the
// description says, by JSON Schema. A field that nobody described is as wrong as one that is missing.
//
//   CARRIER_BIN=… SWITCHYARD_BIN=… node --test end2end/judges/api.test.mjs
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const PATIENCE = 20_000;
const CALLER = '+40722111222';
const NUMBER = '+40312345678';
const SCOPES = ['people:read', 'people:write', 'people:link', 'numbers:read', 'calls:read', 'presence:read', 'presence:write'];

const programs = [];
let folder;
let carrier;
let base;
let description;
let schema;
let all;
// What was answered: operation, status.
const answered = [];

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function until(what, found) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const it = await found();
    if (it) return it;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function start(bin, flags, env, health) {
  const program = spawn(bin, flags, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, RUST_LOG: 'error', ...env } });
  programs.push(program);
  const healthy = () => fetch(health).then(({ ok }) => ok, () => false);
  await until(`${bin} answers`, () => {
    assert.equal(program.exitCode, null, `${bin} exited`);
    return healthy();
  });
}

// A token as somebody makes it on the page.
async function token(scopes) {
  const form = (fields) => ({ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
  const entered = await fetch(`${base}/sign-in/demo`, form({ agent: 'cristina' }));
  const cookie = entered.headers.get('set-cookie').split(';')[0];
  const wanted = Object.fromEntries([['name', 'Judge'], ...scopes.map((scope) => [`scope-${scope}`, 'on'])]);
  const page = await (await fetch(`${base}/settings/api`, { ...form(wanted), headers: { cookie } })).text();
  const [made] = /swy_[^"]+/.exec(page) ?? assert.fail(`no token was shown: ${page}`);
  return made;
}

const escape = (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

function fits(value, ...path) {
  const fit = schema.compile({ $ref: `api#/${path.map(escape).join('/')}` });
  assert.ok(fit(value), `${path.join(' ')}\n${JSON.stringify(value)}\n${JSON.stringify(fit.errors, null, 1)}`);
}

// Every object with known fields has no others.
function closed(node) {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return node.type === 'object' && node.properties ? { ...copy, additionalProperties: false } : copy;
}

// Asks, and judges the answer by what is said of the operation.
async function ask(method, template, { id, query = '', token = all, body, headers = {} } = {}) {
  const path = template.replace(/{\w+}/, id ?? '') + query;
  const text = typeof body === 'string' ? body : body && JSON.stringify(body);
  const response = await fetch(base + path, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(text && { 'content-type': 'application/json' }), ...headers },
    body: text,
  });
  const kind = response.headers.get('content-type')?.split(';')[0];
  const said = await response.text();
  const operation = description.paths[template]?.[method.toLowerCase()];
  answered.push([`${method} ${template}`, response.status]);
  const where = ['paths', template, method.toLowerCase()];
  const status = [String(response.status), `${String(response.status)[0]}XX`].find((status) => operation?.responses[status]);
  if (operation) {
    assert.ok(status, `${method} ${path} answers ${response.status}, which nobody described`);
    const content = operation.responses[status].content;
    assert.deepEqual(kind ? [kind] : [], Object.keys(content ?? {}), `${method} ${path}: ${response.status} ${said}`);
    if (content) fits(JSON.parse(said), ...where, 'responses', status, 'content', kind, 'schema');
    if (response.ok && body) fits(body, ...where, 'requestBody', 'content', 'application/json', 'schema');
  }
  const answer = said === '' ? null : JSON.parse(said);
  if (!response.ok) {
    assert.equal(kind, 'application/problem+json');
    fits(answer, 'components', 'schemas', 'Problem');
    const [type, of] = [answer.type.split('#')[1], answer.status];
    assert.ok(description['x-problems'].some(([name, status]) => name === type && status === of), `${type} ${of} is explained`);
    assert.equal(of, response.status);
  }
  return { status: response.status, answer, headers: response.headers };
}

before(async () => {
  const { CARRIER_BIN, SWITCHYARD_BIN } = process.env;
  assert.ok(CARRIER_BIN && SWITCHYARD_BIN, 'CARRIER_BIN and SWITCHYARD_BIN must name what is to be judged');
  folder = await mkdtemp(join(tmpdir(), 'switchyard-judge-'));
  const ports = [await freePort(), await freePort()];
  [carrier, base] = ports.map((port) => `http://127.0.0.1:${port}`);
  await start(CARRIER_BIN, ['--port', String(ports[0]), '--cps', '1000', '--speed', '10'], {}, `${carrier}/healthz`);
  const env = {
    PORT: String(ports[1]),
    PUBLIC_URL: base,
    CARRIER_URL: carrier,
    DATABASE_URL: `sqlite://${join(folder, 'judge.db')}`,
    DEMO_CALLERS: 'false',
    DEMO_WRAP_UP_SECS: '1',
  };
  await start(SWITCHYARD_BIN, ['demo'], env, `${base}/readyz`);
  description = await (await fetch(`${base}/api/openapi.json`)).json();
  schema = formats(new Ajv({ strict: false, allErrors: true }));
  schema.addSchema(closed(description), 'api');
  all = await token(SCOPES);
});

after(async () => {
  for (const program of programs) program.kill('SIGKILL');
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('the description is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.equal(validator.version, '3.1');
  for (const [path, operations] of Object.entries(description.paths)) {
    const gaps = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name);
    for (const [method, { parameters = [], operationId, responses }] of Object.entries(operations)) {
      const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      assert.deepEqual(named, gaps, `${method} ${path} says what its gaps are`);
      assert.ok(operationId, `${method} ${path} has a name for generated clients`);
      assert.ok(Object.values(responses).every((one) => one.content || one.$ref || responses['204'] === one), `${method} ${path}`);
    }
  }
  const ids = Object.values(description.paths).flatMap((one) => Object.values(one).map(({ operationId }) => operationId));
  assert.equal(new Set(ids).size, ids.length, 'each has a name of its own');
});

test('people are what is said of them', async () => {
  const everyone = await ask('GET', '/api/v1/people', { query: '?limit=2' });
  assert.equal(everyone.answer.items.length, 2);
  await ask('GET', '/api/v1/people', { query: `?cursor=${everyone.answer.next}` });
  const wish = { name: 'Ina Radu', email: 'ina@aurora.example', language: 'ro', role: 'agent', extension: '190', fallback: 'mobile', mobile: '0744 111 222' };
  const { status, answer } = await ask('POST', '/api/v1/people', { body: wish });
  assert.equal(status, 201);
  const { id } = answer;
  await ask('GET', '/api/v1/people/{id}', { id });
  await ask('PATCH', '/api/v1/people/{id}', { id, body: { name: 'Ina Radu-Pop', fallback: 'voicemail' } });
  for (const what of ['link', 'deactivate', 'reactivate']) {
    assert.equal((await ask('POST', `/api/v1/people/{id}/${what}`, { id })).status, 200);
  }
});

test('numbers, presence and calls are what is said of them', async () => {
  const { items } = (await ask('GET', '/api/v1/numbers')).answer;
  for (const { number } of items) await ask('GET', '/api/v1/numbers/{number}', { id: encodeURIComponent(number) });
  const at = (path, method, body) =>
    fetch(`${carrier}/carrier/${path}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  // Nobody answers before the call was seen waiting: with phones that answer at once that is over too soon to be seen.
  for (const agent of ['ana', 'mihai', 'elena', 'andrei']) await at(`clients/salon_${agent}`, 'PUT', { answers: 'never' });
  const { sid } = await (await at('calls', 'POST', { from: CALLER, to: NUMBER })).json();
  const live = async (fits) => (await ask('GET', '/api/v1/calls/live')).answer.find(fits);
  await until('a caller waits', () => live(({ place }) => place === 'queue'));
  await ask('GET', '/api/v1/presence');
  assert.equal((await ask('PUT', '/api/v1/presence/{id}', { id: 'ana', body: { presence: 'available' } })).status, 204);
  await until('somebody talks', async () => {
    const { ringing, place, answered } = (await live(({ id }) => id === sid)) ?? {};
    // The floor can show the ring a moment before the phone has it: until it has, there is nothing to answer.
    if (ringing) await at(`clients/salon_${ringing}/answer`, 'POST');
    return place === 'agent' && answered;
  });
  await ask('GET', '/api/v1/presence');
  assert.equal((await ask('GET', '/api/v1/calls/{id}', { id: sid })).answer.place, 'agent');
  await at(`calls/${sid}`, 'DELETE');
  await until('the call is over', async () => (await ask('GET', '/api/v1/calls')).answer.items.some(({ id }) => id === sid));
  assert.equal((await ask('GET', '/api/v1/calls/{id}', { id: sid })).answer.outcome, 'answered');
  const query = `?number=${encodeURIComponent(CALLER)}&since=2026-01-01T00:00:00Z`;
  assert.ok((await ask('GET', '/api/v1/calls', { query })).answer.items.some(({ id }) => id === sid));
});

test('what goes wrong is what is said of it', async () => {
  const none = await token(['presence:read']);
  const problem = async (status, ...asked) => {
    const { status: got, answer } = await ask(...asked);
    assert.equal(got, status, JSON.stringify(answer));
  };
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const method of Object.keys(operations).map((method) => method.toUpperCase())) {
      await problem(401, method, path, { id: 'ana', token: '' });
      await problem(401, method, path, { id: 'ana', token: 'swy_guess' });
      if (path !== '/api/v1/presence') await problem(403, method, path, { id: 'ana', token: none });
      if (path.includes('{')) {
        const body = { PATCH: { name: 'Nobody' }, PUT: { presence: 'away' } }[method];
        await problem(404, method, path, { id: 'nobody', body });
        await problem(404, method, path, { id: '%FF', body });
      }
      await problem(405, method === 'DELETE' ? 'GET' : 'DELETE', path, { id: 'ana' });
    }
  }
  await problem(404, 'GET', '/api/v1/nowhere');
  await problem(400, 'GET', '/api/v1/calls', { query: '?limit=0' });
  await problem(400, 'GET', '/api/v1/calls', { query: '?since=yesterday' });
  await problem(400, 'GET', '/api/v1/people', { query: '?cursor=none' });
  for (const [method, path, id] of [['POST', '/api/v1/people'], ['PATCH', '/api/v1/people/{id}', 'ana'], ['PUT', '/api/v1/presence/{id}', 'ana']]) {
    await problem(400, method, path, { id, body: '{' });
    await problem(413, method, path, { id, body: JSON.stringify({ name: 'x'.repeat(70_000) }) });
    await problem(415, method, path, { id, body: '{}', headers: { 'content-type': 'text/plain' } });
  }
  await problem(422, 'POST', '/api/v1/people', { body: { name: ' ', email: 'x', role: 'boss', language: 'tlh', extension: '1', fallback: 'pager' } });
  await problem(422, 'PATCH', '/api/v1/people/{id}', { id: 'ana', body: { role: 'boss' } });
  await problem(422, 'PUT', '/api/v1/presence/{id}', { id: 'ana', body: { presence: 'asleep' } });
});

test('whoever asks too often is told so', async () => {
  const eager = await token(['presence:read']);
  const asked = await Promise.all(Array.from({ length: 400 }, () => ask('GET', '/api/v1/presence', { token: eager })));
  const late = asked.find(({ status }) => status === 429);
  assert.match(late?.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
});

test('every operation was judged when it was done and when it was not', () => {
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const method of Object.keys(operations).map((method) => method.toUpperCase())) {
      const statuses = answered.filter(([operation]) => operation === `${method} ${path}`).map(([, status]) => status);
      assert.ok(statuses.some((status) => status < 300) && statuses.some((status) => status >= 400), `${method} ${path}: ${statuses}`);
    }
  }
});
