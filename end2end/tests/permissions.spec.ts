import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA, MIHAI } from '../fixtures/people.ts';

test('an agent cannot move a colleague’s call; a supervisor can', async ({ salon }) => {
  await salon.onDuty(ANA);
  const [mihai, cristina] = [await salon.floorOf(MIHAI), await salon.floorOf(CRISTINA)];
  const call = await salon.talk(MARIA, ANA, mihai);

  await mihai.drag(MARIA, mihai.slot(3));
  await mihai.says(`This is ${ANA.name}'s call: only a supervisor can move it`);
  await mihai.isWith(MARIA, ANA);

  const move = { intent: { move_call: { call, to: { slot: 3 } } } };
  const refused = await (await salon.requestsOf(MIHAI)).post('/api/fn/ask', { data: move });
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain('not_yours');
  await mihai.isWith(MARIA, ANA);

  await cristina.drag(MARIA, cristina.slot(3));
  for (const floor of [mihai, cristina]) await floor.isParked(MARIA, 3);
  await salon.agrees(mihai);
});

test('an agent cannot say that a colleague is away; a supervisor can', async ({ salon }) => {
  const away = { intent: { set_presence: { agent: ANA.id, presence: 'away' } } };
  const refused = await (await salon.requestsOf(MIHAI)).post('/api/fn/ask', { data: away });
  expect(refused.status()).toBe(403);
  const cristina = await salon.floorOf(CRISTINA);
  await cristina.isDoing(ANA, 'Available');
  await cristina.setPresence(ANA, 'Away');
  await cristina.isDoing(ANA, 'Away');
});

test('nothing is told or done without a session', async ({ salon, request }) => {
  const { url } = salon.server;
  for (const [name, data] of [
    ['load_floor', {}],
    ['prepare_dial', { to: '0722 111 222' }],
    ['load_calls', { below: null }],
    ['ask', { intent: 'finish_wrap_up' }],
  ] as const) {
    const answer = await request.post(`${url}/api/fn/${name}`, { data });
    expect(answer.status(), name).toBe(401);
    expect(await answer.text(), name).not.toContain('Popescu');
  }
  expect((await request.get(`${url}/api/live?after=0`)).status()).toBe(401);
  expect((await request.post(`${url}/api/token`)).status()).toBe(401);
  expect((await request.get(`${url}/api/twilio/token`)).status()).toBe(401);
  const socket = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  expect((await request.get(`${url}/api/device`, { headers: socket })).status()).toBe(401);
  expect((await request.get(`${url}/calls`, { maxRedirects: 0 })).headers().location).toContain('/sign-in');
});

test('another site cannot act for somebody who is signed in', async ({ salon }) => {
  const requests = await salon.requestsOf(ANA);
  const data = { intent: { set_presence: { agent: ANA.id, presence: 'away' } } };
  for (const headers of [{ origin: 'https://elsewhere.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[]) {
    expect((await requests.post('/api/fn/ask', { data, headers })).status()).toBe(403);
    expect((await requests.post('/sign-out', { headers })).status()).toBe(403);
    expect((await requests.post('/sign-in/demo', { form: { agent: 'ana' }, headers })).status()).toBe(403);
  }
  const own = await requests.post('/api/fn/ask', { data, headers: { origin: salon.server.url } });
  expect(own.ok()).toBe(true);
});

test('nobody but Twilio can tell the floor about calls', async ({ salon, request }) => {
  const form = { CallSid: 'CA00000000000000000000000000000001', From: MARIA.number, To: '+40312345678', CallStatus: 'ringing' };
  for (const headers of [{}, { 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }] as Record<string, string>[]) {
    const answer = await request.post(`${salon.server.url}/api/voice/inbound?workspace=salon`, { form, headers });
    expect(answer.status()).toBe(403);
  }
  const ana = await salon.floorOf(ANA);
  await ana.isGone(MARIA);
});
