// An independent judge of the carrier: Twilio's own client for Node drives its REST API, and Twilio's own validator
// checks the signature of every webhook that it sends.
//
//   CARRIER_BIN=target/debug/carrier node --test end2end/judges/carrier.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, beforeEach, test } from 'node:test';

const require = createRequire(import.meta.url);
const twilio = require('twilio');

const ACCOUNT = 'AC00000000000000000000000000000001';
const TOKEN = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const KEY = 'SK00000000000000000000000000000001';
const SECRET = 'the secret of the key';
const NUMBER = '+40312345678';
const CALLER = '+40722111222';
const PATIENCE = 10_000;

const arrivals = new EventEmitter();
let received = [];
let pages = {};
let carrier;
let app;
let base;
let client;

const url = (path) => `http://127.0.0.1:${app.address().port}${path}`;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// The application: answers with the TwiML of `pages`, and checks each signature as Twilio's customers do.
function receive(request, response) {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const address = url(request.url);
    const form = Object.fromEntries(new URLSearchParams(body));
    const query = Object.fromEntries(new URL(address).searchParams);
    const valid = twilio.validateRequest(TOKEN, request.headers['x-twilio-signature'], address, form);
    const path = request.url.split('?')[0];
    received.push({ path, method: request.method, valid, headers: request.headers, params: { ...query, ...form } });
    arrivals.emit('arrival');
    response.setHeader('content-type', 'text/xml');
    response.end(pages[path] ?? '<Response/>');
  });
}

// Waits for a webhook; one that came before counts.
async function webhook(what, fits) {
  const found = () => received.find(fits);
  if (found()) return found();
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    for await (const _ of on(arrivals, 'arrival', { signal })) if (found()) return found();
  } catch {
    assert.fail(`${what} did not come; what came: ${JSON.stringify(received.map(({ path, params }) => [path, params]))}`);
  }
}

const event = (name, label) =>
  webhook(`${name} ${label ?? ''}`, ({ params }) =>
    params.StatusCallbackEvent === name && (label === undefined || params.ParticipantLabel === label));

async function control(method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text && text.startsWith('{') ? JSON.parse(text) : text;
}

async function call() {
  return (await control('POST', '/carrier/calls', { from: CALLER, to: NUMBER })).sid;
}

function conference(name, attributes = {}) {
  const response = new twilio.twiml.VoiceResponse();
  response.dial({ action: '/done' }).conference(
    {
      statusCallback: '/events',
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold', 'modify'],
      ...attributes,
    },
    name,
  );
  return response.toString();
}

async function refusal(promise) {
  const error = await promise.then(() => assert.fail('it was not refused'), (error) => error);
  assert.equal(error.constructor.name, 'RestException', String(error));
  assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${error.code}`);
  return [error.status, error.code];
}

before(async () => {
  assert.ok(process.env.CARRIER_BIN, 'CARRIER_BIN must name the carrier to be judged');
  app = http.createServer(receive);
  await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  const number = `${ACCOUNT}=${NUMBER}=${url('/voice')}=${url('/status')}`;
  const flags = ['--port', port, '--account', `${ACCOUNT}:${TOKEN}`, '--number', number, '--cps', 1000, '--speed', 10];
  carrier = spawn(process.env.CARRIER_BIN, flags.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  // It says when it listens.
  const listening = new Promise((resolve, reject) => {
    carrier.stdout.on('data', (line) => String(line).includes('listens') && resolve());
    carrier.once('error', reject).once('exit', (code) => reject(new Error(`the carrier exited with ${code}`)));
  });
  await listening;
  await control('PUT', `/carrier/accounts/${ACCOUNT}`, { auth_token: TOKEN, api_keys: { [KEY]: SECRET } });
  client = twilio(KEY, SECRET, { accountSid: ACCOUNT });
  client.api.baseUrl = base;
});

beforeEach(async () => {
  await control('DELETE', '/carrier/truth');
  received = [];
  pages = {};
});

after(() => {
  carrier?.kill('SIGINT');
  app?.close();
  app?.closeAllConnections();
});

test('a call is made, fetched, redirected and ended, and its steps are reported', async () => {
  await control('PUT', '/carrier/clients/ana', { answers: 'after_ms', after_ms: 10 });
  pages['/hello'] = '<Response><Pause length="600"/></Response>';
  const made = await client.calls.create({
    from: NUMBER,
    to: 'client:ana?topic=rent',
    url: url('/hello'),
    statusCallback: url('/leg'),
    statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
  });
  assert.deepEqual([made.status, made.direction, made.to], ['queued', 'outbound-api', 'client:ana']);
  await webhook('the answer', ({ path, params }) => path === '/leg' && params.CallStatus === 'in-progress');
  await webhook('the voice webhook', ({ path }) => path === '/hello');
  assert.equal((await client.calls(made.sid).fetch()).status, 'in-progress');
  await client.calls(made.sid).update({ twiml: new twilio.twiml.VoiceResponse().pause({ length: 600 }).toString() });
  await client.calls(made.sid).update({ url: url('/other') });
  await webhook('the other document', ({ path }) => path === '/other');
  await webhook('the end', ({ path, params }) => path === '/leg' && params.CallStatus === 'completed');
  const ended = await client.calls(made.sid).fetch();
  assert.equal(ended.status, 'completed');
  assert.ok(ended.dateCreated instanceof Date && ended.endTime instanceof Date && Number(ended.duration) >= 1);
  const steps = received.filter(({ path }) => path === '/leg').map(({ params }) => params.SequenceNumber);
  assert.deepEqual(steps, ['0', '1', '2', '3']);
  assert.equal(await client.calls(made.sid).remove(), true);
});

test('lists are paged as far as they go', async () => {
  pages['/voice'] = '<Response><Reject reason="busy"/></Response>';
  const sids = [];
  for (let index = 0; index < 7; index += 1) sids.unshift(await call());
  await webhook('the last end', ({ path, params }) => path === '/status' && params.CallSid === sids[0]);
  const all = await client.calls.list({ pageSize: 3 });
  assert.deepEqual(all.map(({ sid }) => sid), sids);
  const page = await client.calls.page({ pageSize: 3 });
  assert.equal(page.instances.length, 3);
  const second = await page.nextPage();
  assert.deepEqual(second.instances.map(({ sid }) => sid), sids.slice(3, 6));
  const back = await second.previousPage();
  assert.deepEqual(back.instances.map(({ sid }) => sid), sids.slice(0, 3));
  assert.equal((await client.calls.list({ status: 'in-progress' })).length, 0);
  assert.equal((await client.incomingPhoneNumbers.list({ limit: 1 }))[0].phoneNumber, NUMBER);
});

test('a conference lives with its participants', async () => {
  await control('PUT', '/carrier/clients/ana', { answers: 'after_ms', after_ms: 10 });
  pages['/voice'] = conference('judged', { participantLabel: 'caller', waitUrl: '/wait' });
  pages['/wait'] = new twilio.twiml.VoiceResponse().play('http://127.0.0.1/song.mp3').toString();
  const caller = await call();
  await event('participant-join', 'caller');
  const [room] = await client.conferences.list({ friendlyName: 'judged', status: 'init' });
  const participants = client.conferences(room.sid).participants;
  const ana = await client.conferences('judged').participants.create({ from: NUMBER, to: 'client:ana', label: 'ana' });
  assert.deepEqual([ana.status, ana.conferenceSid, ana.queueTime], ['queued', room.sid, '0']);
  await event('participant-join', 'ana');
  await event('conference-start');
  assert.equal((await client.conferences(room.sid).fetch()).status, 'in-progress');
  assert.deepEqual((await participants.list()).map(({ label, status }) => [label, status]), [
    ['caller', 'connected'],
    ['ana', 'connected'],
  ]);

  assert.equal((await participants('caller').update({ hold: true, holdUrl: url('/hold') })).hold, true);
  assert.equal((await webhook('the hold webhook', ({ path }) => path === '/hold')).method, 'GET');
  await participants(caller).update({ endConferenceOnExit: true });
  assert.equal((await participants(caller).fetch()).endConferenceOnExit, false, 'on hold it does not change');
  await participants(caller).update({ hold: false });
  await participants('ana').update({ muted: true });
  await event('participant-mute', 'ana');
  assert.equal((await participants.list({ muted: true })).length, 1);

  assert.equal(await participants('ana').remove(), true);
  const left = await event('participant-leave', 'ana');
  assert.equal(left.params.ReasonParticipantLeft, 'participant_updated_via_api');
  const ended = await client.conferences(room.sid).update({ status: 'completed' });
  assert.deepEqual([ended.status, ended.reasonConferenceEnded], ['completed', 'conference-ended-via-api']);
  const end = await event('conference-end');
  assert.equal(end.params.ReasonConferenceEnded, 'conference-ended-via-api');
  assert.equal((await participants.list()).length, 0);
  const done = await webhook('the action', ({ path }) => path === '/done');
  assert.deepEqual([done.params.DialCallStatus, done.params.DialCallSid], ['answered', undefined]);
});

test('refusals are exceptions with the codes that Twilio documents', async () => {
  const stranger = twilio(ACCOUNT, 'wrong');
  stranger.api.baseUrl = base;
  assert.deepEqual(await refusal(stranger.calls.list({ limit: 1 })), [401, 20003]);
  assert.deepEqual(await refusal(client.calls(`CA${'0'.repeat(32)}`).fetch()), [404, 20404]);
  assert.deepEqual(await refusal(client.calls.create({ from: NUMBER, to: 'nowhere', twiml: '<Response/>' })), [400, 21211]);
  assert.deepEqual(await refusal(client.calls.create({ from: NUMBER, to: 'client:ana' })), [400, 21205]);
  assert.deepEqual(await refusal(client.calls.create({ from: CALLER, to: 'client:ana', twiml: '<Response/>' })), [400, 21210]);
  const add = (room, label) => client.conferences(room).participants.create({ from: NUMBER, to: 'client:ana', label });
  assert.deepEqual(await refusal(add(`CF${'0'.repeat(32)}`, 'ana')), [404, 20404]);
  assert.deepEqual(await refusal(add('judged', 'a/b')), [400, 16024]);
  await control('PUT', '/carrier/clients/ana', { answers: 'never' });
  await add('judged', 'ana');
  assert.deepEqual(await refusal(add('judged', 'ana')), [400, 16026]);
  const [ringing] = await client.calls.list({ to: 'client:ana', limit: 1 });
  await client.calls(ringing.sid).update({ status: 'canceled' });
  assert.deepEqual(await refusal(client.calls(ringing.sid).update({ status: 'completed' })), [400, 21220]);
  await control('PUT', '/carrier/faults', { rest_429: 1 });
  assert.deepEqual(await refusal(client.calls.list({ limit: 1 })), [429, 20429]);
});

test('an application is made, found by its name, and asked about calls to a number', async () => {
  const owner = twilio(ACCOUNT, TOKEN);
  owner.api.baseUrl = base;
  const made = await owner.applications.create({ friendlyName: 'Judged', voiceUrl: url('/app'), statusCallback: url('/ended') });
  assert.match(made.sid, /^AP[0-9a-f]{32}$/);
  assert.deepEqual((await owner.applications.list({ friendlyName: 'Judged' })).map(({ sid }) => sid), [made.sid]);
  const [number] = await owner.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
  const pointed = await owner.incomingPhoneNumbers(number.sid).update({ voiceApplicationSid: made.sid, smsUrl: url('/sms') });
  assert.deepEqual([pointed.voiceApplicationSid, pointed.smsUrl, pointed.voiceUrl], [made.sid, url('/sms'), url('/voice')]);
  const sid = await call();
  const asked = await webhook('the voice webhook', ({ params }) => params.CallSid === sid);
  assert.deepEqual([asked.path, asked.params.ApplicationSid, asked.valid], ['/app', made.sid, true]);
  await webhook('the end', ({ path, params }) => path === '/ended' && params.CallSid === sid);
  const changed = await owner.applications(made.sid).update({ voiceUrl: url('/other'), voiceMethod: 'GET' });
  assert.deepEqual([changed.voiceUrl, changed.voiceMethod, changed.publicApplicationConnectEnabled], [url('/other'), 'GET', false]);
  assert.equal(await owner.applications(made.sid).remove(), true);
  assert.equal((await owner.incomingPhoneNumbers(number.sid).fetch()).voiceApplicationSid, '');
  assert.deepEqual(await refusal(owner.applications(made.sid).fetch()), [404, 20404]);
});

test('numbers are searched, priced, bought and released', async () => {
  const owner = twilio(ACCOUNT, TOKEN);
  owner.api.baseUrl = base;
  owner.pricing.baseUrl = base;
  const [offered] = await owner.availablePhoneNumbers('US').local.list({ areaCode: 415, contains: '555', limit: 1 });
  assert.ok(offered.phoneNumber.startsWith('+1415555') && offered.capabilities.voice);
  const prices = await owner.pricing.v1.phoneNumbers.countries('US').fetch();
  const local = prices.phoneNumberPrices.find(({ numberType }) => numberType === 'local');
  assert.ok(Number(local.currentPrice) > 0 && prices.priceUnit === 'USD');
  owner.numbers.baseUrl = base;
  const wanted = (isoCountry) => owner.numbers.v2.regulatoryCompliance.regulations.list({ isoCountry, numberType: 'local' });
  assert.deepEqual((await wanted('RO')).map(({ endUserType }) => endUserType), ['individual', 'business']);
  assert.deepEqual(await wanted('US'), []);
  const bought = await owner.incomingPhoneNumbers.create({ phoneNumber: offered.phoneNumber, voiceUrl: url('/voice') });
  assert.equal(bought.phoneNumber, offered.phoneNumber);
  assert.deepEqual(await refusal(owner.incomingPhoneNumbers.create({ phoneNumber: offered.phoneNumber })), [400, 21422]);
  assert.equal(await owner.incomingPhoneNumbers(bought.sid).remove(), true);
  const [romanian] = await owner.availablePhoneNumbers('RO').local.list({ limit: 1 });
  assert.equal(romanian.addressRequirements, 'local');
  assert.deepEqual(await refusal(owner.incomingPhoneNumbers.create({ phoneNumber: romanian.phoneNumber })), [400, 21649]);
  assert.equal((await owner.availablePhoneNumbers('US').tollFree.list({ limit: 3 })).length, 3);
});

test('a key is made, opens what a standard key opens, and is revoked', async () => {
  const owner = twilio(ACCOUNT, TOKEN);
  owner.api.baseUrl = base;
  assert.equal((await owner.api.v2010.accounts(ACCOUNT).fetch()).status, 'active');
  const made = await owner.newKeys.create({ friendlyName: 'Judged' });
  const keyed = twilio(made.sid, made.secret, { accountSid: ACCOUNT });
  keyed.api.baseUrl = base;
  assert.equal((await keyed.incomingPhoneNumbers.list({ pageSize: 1, limit: 1 })).length, 1);
  assert.deepEqual(await refusal(keyed.keys(made.sid).fetch()), [401, 20003]);
  assert.equal((await owner.keys(made.sid).fetch()).friendlyName, 'Judged');
  assert.equal(await owner.keys(made.sid).remove(), true);
  assert.deepEqual(await refusal(keyed.incomingPhoneNumbers.list({ limit: 1 })), [401, 20003]);
});

test('an account makes others, acts for them, suspends and closes them', async () => {
  const at = (...credentials) => {
    const made = twilio(...credentials);
    made.api.baseUrl = base;
    return made;
  };
  const owner = at(ACCOUNT, TOKEN);
  const accounts = owner.api.v2010.accounts;
  const { sid, authToken, ownerAccountSid, status } = await accounts.create({ friendlyName: 'Judged' });
  assert.deepEqual([ownerAccountSid, status], [ACCOUNT, 'active']);
  assert.deepEqual((await accounts.list()).map((one) => one.sid).sort(), [ACCOUNT, sid].sort());
  assert.deepEqual((await accounts.list({ friendlyName: 'Judged', status: 'active' })).map((one) => one.sid), [sid]);
  const own = at(sid, authToken);
  const acting = at(ACCOUNT, TOKEN, { accountSid: sid });
  assert.deepEqual(await refusal(own.api.v2010.accounts.create({})), [400, 21101]);
  assert.deepEqual(await refusal(own.api.v2010.accounts(ACCOUNT).fetch()), [401, 20003]);
  assert.deepEqual(await refusal(at(sid, authToken, { accountSid: ACCOUNT }).calls.list({ limit: 1 })), [401, 20003]);
  assert.deepEqual(await refusal(at(KEY, SECRET, { accountSid: sid }).calls.list({ limit: 1 })), [401, 20003]);

  const number = '+40364400009';
  const { sid: numberSid } = await control('PUT', `/carrier/numbers/${number}`, { account_sid: ACCOUNT, voice_url: url('/sub') });
  assert.deepEqual(await refusal(own.incomingPhoneNumbers(numberSid).fetch()), [404, 20404]);
  assert.equal((await owner.incomingPhoneNumbers(numberSid).update({ accountSid: sid })).accountSid, sid);
  assert.deepEqual((await acting.incomingPhoneNumbers.list()).map((one) => one.phoneNumber), [number]);
  const rings = async () => (await control('POST', '/carrier/calls', { from: CALLER, to: number })).sid;
  const called = await rings();
  const asked = await webhook('the voice webhook', ({ path, params }) => path === '/sub' && params.CallSid === called);
  const signature = asked.headers['x-twilio-signature'];
  assert.ok(twilio.validateRequest(authToken, signature, url('/sub'), asked.params) && !asked.valid, 'signed with its own token');

  const key = await own.newKeys.create({ friendlyName: 'Judged' });
  const keyed = at(key.sid, key.secret, { accountSid: sid });
  assert.equal((await keyed.calls.list({ limit: 1 }))[0].sid, called);
  assert.deepEqual(await refusal(keyed.keys(key.sid).fetch()), [401, 20003]);

  assert.deepEqual(await refusal(own.api.v2010.accounts(sid).update({ status: 'suspended' })), [401, 20003]);
  assert.deepEqual(await refusal(accounts(ACCOUNT).update({ status: 'suspended' })), [400, 21477]);
  assert.equal((await accounts(sid).update({ status: 'suspended' })).status, 'suspended');
  assert.equal((await own.api.v2010.accounts(sid).fetch()).status, 'suspended');
  assert.deepEqual(await refusal(own.incomingPhoneNumbers.list()), [403, 20005]);
  await rings();
  assert.equal((await control('GET', '/carrier/truth')).calls.at(-1).status, 'failed', 'calls are not delivered');
  assert.equal((await accounts(sid).update({ status: 'active' })).status, 'active');
  assert.equal((await own.incomingPhoneNumbers.list()).length, 1);
  assert.equal((await accounts(sid).update({ status: 'closed' })).status, 'closed');
  assert.deepEqual(await acting.incomingPhoneNumbers.list(), []);
  assert.deepEqual(await refusal(accounts(sid).update({ status: 'active' })), [400, 21479]);
});

test('a restricted key is made, told apart, and opens what its policy allows', async () => {
  const owner = twilio(ACCOUNT, TOKEN);
  for (const api of [owner.api, owner.iam]) api.baseUrl = base;
  const policy = { allow: ['/twilio/phone-numbers/active-numbers/list'] };
  const made = await owner.iam.v1.newApiKey.create({ accountSid: ACCOUNT, friendlyName: 'Judged', keyType: 'restricted', policy });
  assert.deepEqual(made.policy, policy);
  const keyed = twilio(made.sid, made.secret, { accountSid: ACCOUNT });
  keyed.api.baseUrl = base;
  assert.equal((await keyed.incomingPhoneNumbers.list({ pageSize: 1, limit: 1 })).length, 1);
  assert.deepEqual(await refusal(keyed.calls.list({ limit: 1 })), [401, 70051]);
  assert.deepEqual((await owner.iam.v1.apiKey(made.sid).fetch()).policy, policy);
  assert.equal((await owner.iam.v1.apiKey(KEY).fetch()).policy, null);
  const listed = await owner.iam.v1.getApiKeys.list({ accountSid: ACCOUNT });
  assert.deepEqual(listed.map(({ sid }) => sid).sort(), [KEY, made.sid].sort());
  assert.equal(await owner.iam.v1.apiKey(made.sid).remove(), true);
  assert.deepEqual(await refusal(owner.iam.v1.apiKey(made.sid).fetch()), [404, 20404]);
});

test('the next auth token signs from its promotion on', async () => {
  await control('PUT', '/carrier/accounts/AC00000000000000000000000000000002', { auth_token: TOKEN, api_keys: {} });
  const owner = twilio('AC00000000000000000000000000000002', TOKEN);
  for (const api of [owner.api, owner.accounts]) api.baseUrl = base;
  const { secondaryAuthToken: next } = await owner.accounts.v1.secondaryAuthToken().create();
  const promoting = twilio('AC00000000000000000000000000000002', next);
  for (const api of [promoting.api, promoting.accounts]) api.baseUrl = base;
  assert.equal((await promoting.accounts.v1.authTokenPromotion().update()).authToken, next);
  assert.equal((await promoting.api.v2010.accounts('AC00000000000000000000000000000002').fetch()).authToken, next);
  assert.deepEqual(await refusal(owner.calls.list({ limit: 1 })), [401, 20003]);
});

test('a text message comes in, is found by who wrote it, and is deleted when it is complete', async () => {
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
  await client.incomingPhoneNumbers(number.sid).update({ smsUrl: url('/sms') });
  const { sid } = await control('POST', '/carrier/messages', { from: CALLER, to: NUMBER, body: 'Bună ziua, țară!' });
  const told = await webhook('the message', ({ path }) => path === '/sms');
  assert.deepEqual([told.params.MessageSid, told.params.Body, told.valid], [sid, 'Bună ziua, țară!', true]);
  const sent = await control('POST', '/carrier/messages', { from: NUMBER, to: CALLER, body: 'La revedere', status: 'sending' });
  const sids = async (filter) => (await client.messages.list(filter)).map((message) => message.sid);
  assert.deepEqual([await sids({ from: CALLER }), await sids({ to: CALLER })], [[sid], [sent.sid]]);
  assert.deepEqual(await sids({ dateSentBefore: new Date('2020-01-01') }), []);
  const read = await client.messages(sid).fetch();
  assert.deepEqual([read.direction, read.from, read.to, read.numMedia], ['inbound', CALLER, NUMBER, '0']);
  assert.ok(read.dateSent instanceof Date);
  assert.deepEqual(await refusal(client.messages(sent.sid).remove()), [400, 20009]);
  await control('PUT', `/carrier/messages/${sent.sid}`, { status: 'delivered' });
  assert.equal(await client.messages(sent.sid).remove(), true);
  assert.deepEqual(await refusal(client.messages(sent.sid).fetch()), [404, 20404]);
  await client.incomingPhoneNumbers(number.sid).update({ smsUrl: '' });
});

test('every webhook was signed as Twilio signs', async () => {
  // Repeated and empty values, other letters, GET and POST, queries and redirects within one document.
  pages['/voice'] = '<Response><Redirect method="GET">/next?a=%C8%99i&amp;b=%27&amp;c=</Redirect></Response>';
  pages['/next'] = conference('semnătura', { participantLabel: 'Ștefan', endConferenceOnExit: true });
  const sid = await call();
  await event('participant-join', 'Ștefan');
  await control('DELETE', `/carrier/calls/${sid}`);
  await event('conference-end');
  await webhook('the end', ({ path }) => path === '/status');
  assert.ok(received.length >= 6, `only ${received.length} webhooks`);
  assert.deepEqual(received.filter(({ valid }) => !valid), []);
  assert.ok(received.every(({ headers }) => headers['x-home-region'] === 'us1'));
});
