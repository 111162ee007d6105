// Calls that a browser makes, with the unmodified SDK in it.
import { APPLICATION, expect, near, test, tone } from '../../fixtures/softphone.ts';

const PHONE = '+40733000000';

test('a call goes to the application, rings as early media, and is answered', async ({ exchange, softphone }) => {
  exchange.twiml('/outgoing', `<Dial answerOnBridge="true" callerId="+40312345678"><Number>${PHONE}</Number></Dial>`);
  await exchange.control('PUT', `phones/${PHONE}`, { answers: 'never', sends: { tone: 500 } });
  const ana = await softphone('ana', 900);
  const params = { To: PHONE, foo: 'a b&c', uni: '我', CallSid: 'CA1', tenant: 'mine' };
  await ana.run(`device.connect({ params: ${JSON.stringify(params)} }).then((made) => take(made, 'made'))`);

  const asked = await exchange.webhook('/outgoing');
  const fields = ['From', 'Caller', 'To', 'Called', 'Direction', 'CallStatus', 'ApplicationSid', 'foo', 'uni', 'tenant'];
  expect(fields.map((field) => asked.get(field))).toEqual(
    ['client:ana', 'client:ana', PHONE, PHONE, 'inbound', 'ringing', APPLICATION, 'a b&c', '我', 't42']);
  expect(asked.getAll('CallSid')).toEqual([expect.stringMatching(/^CA[0-9a-f]{32}$/)]);

  expect(await ana.told('ringing')).toMatchObject({ early: true });
  await ana.hears(425);
  expect(await ana.run('call.status()')).toBe('ringing');
  await exchange.control('POST', `phones/${PHONE}/answer`);
  await ana.told('accept');
  await ana.hears(500);
  const { calls } = (await exchange.control('GET', 'truth')) as { calls: { sid: string; to: string; direction: string }[] };
  const phone = calls.find((call) => call.direction === 'outbound-dial')!;
  await exchange.hears(phone.sid, 900);

  await exchange.control('POST', `phones/${PHONE}/hangup`);
  await ana.told('disconnect');
  expect((await exchange.webhook('/status')).get('CallStatus')).toBe('completed');
});

test('a refused call says why', async ({ exchange, softphone }) => {
  exchange.twiml('/outgoing', '<Reject reason="busy"/>');
  const ana = await softphone('ana', 900);
  await ana.run(`device.connect().then((made) => take(made, 'made'))`);
  expect(await ana.told('callError')).toMatchObject({ code: 31486 });
  await ana.told('disconnect');
});

test('an outgoing conference lets the agent hear the phone ring, then talk', async ({ exchange, softphone }) => {
  exchange.twiml('/outgoing', '<Dial><Conference>room</Conference></Dial>');
  await exchange.control('PUT', `phones/${PHONE}`, { answers: 'never', sends: { tone: 500 } });
  const ana = await softphone('ana', 900);
  await ana.run(`device.connect({ params: { To: '${PHONE}' } }).then((made) => take(made, 'made'))`);
  await ana.told('accept');
  const form = { From: '+40312345678', To: PHONE };
  const { call_sid: callee } = await exchange.rest('POST', 'Conferences/room/Participants', form);
  await ana.hears(425);
  await exchange.control('POST', `phones/${PHONE}/answer`);
  await ana.hears(500);
  await exchange.hears(callee, 900);
});

test('what TwiML plays and says is heard, and keys are gathered from the audio', async ({ exchange, softphone }) => {
  const prompt = `<Play>${exchange.at('/beep.wav')}</Play><Say language="ro-RO">Apăsați o tastă, vă rugăm.</Say>`;
  exchange.twiml('/outgoing', `<Gather action="/keys" numDigits="5" timeout="30">${prompt}</Gather>`);
  exchange.twiml('/keys', '<Play digits="5555555555"/><Pause length="30"/>');
  exchange.file('/beep.wav', 'audio/wav', tone(1200, 4, 44_100));
  const ana = await softphone('ana', 900);
  await ana.run(`device.connect().then((made) => take(made, 'made'))`);
  await ana.hears(1200);
  // The file is over after four seconds, not after a guess: then it is said what to do.
  await expect.poll(async () => near((await ana.heard()).tone, 1200), { timeout: 8_000 }).toBe(false);
  await ana.run(`call.sendDigits('1w2*#7')`);
  expect((await exchange.webhook('/keys')).get('Digits')).toBe('12*');
});
