// Calls that come to a browser, with the unmodified SDK in it.
import { expect, NUMBER, test, tone } from '../../fixtures/softphone.ts';

test('a caller and an agent talk in a conference', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Conference participantLabel="caller" waitUrl="">room</Conference></Dial>');
  const ana = await softphone('ana', 700);
  const caller = await exchange.call({ sends: { tone: 440 } });
  await exchange.webhook('/voice');
  const agent = await exchange.add('room', 'ana', { Label: 'agent' });

  const { parameters } = await ana.told('incoming');
  expect(parameters).toMatchObject({ CallSid: agent, From: NUMBER, To: 'client:ana' });
  await exchange.hearsNothing(caller);
  await ana.run('call.accept()');
  await ana.told('accept');
  await ana.hears(440);
  await exchange.hears(caller, 700);
  await exchange.hears(agent, 440);
  const leg = await exchange.leg(agent);
  expect(leg.packets_in).toBeGreaterThan(10);
  expect(leg.packets_out).toBeGreaterThan(10);

  await ana.run('call.disconnect()');
  await ana.told('disconnect');
  await expect.poll(async () => (await exchange.leg(agent)).status).toBe('completed');
  await exchange.hearsNothing(caller);
});

test('a caller is put through to a browser, with parameters', async ({ exchange, softphone }) => {
  const parameter = '<Parameter name="ticket" value="12 &amp; 13"/>';
  exchange.twiml('/voice', `<Dial action="/done"><Client><Identity>ana</Identity>${parameter}</Client></Dial>`);
  exchange.twiml('/done', '<Hangup/>');
  const ana = await softphone('ana', 1000);
  const caller = await exchange.call({ sends: { tone: 600 } });
  const incoming = await ana.told('incoming');
  expect(incoming).toMatchObject({ parameters: { From: '+40722111222' }, custom: { ticket: '12 & 13' }, verified: false });
  await exchange.hears(caller, 425);
  await ana.run('call.accept()');
  await ana.hears(600);
  await exchange.hears(caller, 1000);
  await exchange.control('DELETE', `calls/${caller}`);
  await ana.told('disconnect');
  const done = await exchange.webhook('/done');
  expect([done.get('DialCallStatus'), done.get('DialBridged')]).toEqual(['completed', 'true']);
});

test('mute, hold and coaching: who hears whom', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Conference participantLabel="caller" waitUrl="">room</Conference></Dial>');
  exchange.twiml('/hold', `<Play loop="0">${exchange.at('/song.wav')}</Play>`);
  exchange.file('/song.wav', 'audio/wav', tone(1500));
  const [ana, boss] = [await softphone('ana', 700), await softphone('boss', 2000)];
  const caller = await exchange.call({ sends: { tone: 440 } });
  await exchange.webhook('/voice');
  const agent = await exchange.add('room', 'ana', { Label: 'agent' });
  await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(caller, 700);
  const conference = (await exchange.leg(caller)).conference;
  const change = (who: string, form: Record<string, string>) =>
    exchange.rest('POST', `Conferences/${conference}/Participants/${who}`, form);

  // The SDK's own mute sends silence; the network's lets nobody hear what is sent.
  await ana.run('call.mute(true)');
  await exchange.hearsNothing(caller);
  await ana.hears(440);
  await ana.run('call.mute(false)');
  await exchange.hears(caller, 700);
  await change('agent', { Muted: 'true' });
  await exchange.hearsNothing(caller);
  await ana.hears(440);
  await change('agent', { Muted: 'false' });
  await exchange.hears(caller, 700);

  await change('caller', { Hold: 'true', HoldUrl: exchange.at('/hold') });
  await exchange.hears(caller, 1500);
  await ana.hearsNothing();
  await change('caller', { Hold: 'false' });
  await exchange.hears(caller, 700);
  await ana.hears(440);

  await exchange.add('room', 'boss', { Label: 'boss', Coaching: 'true', CallSidToCoach: agent });
  await boss.told('incoming');
  await boss.run('call.accept()');
  const tones = async (sid: string) => (await exchange.leg(sid)).heard.tones.map((hertz) => Math.round(hertz)).sort((a, b) => a - b);
  await expect.poll(() => tones(agent)).toEqual([440, 2000]);
  expect(await tones(caller)).toEqual([700]);
  const monitor = (await exchange.control('GET', 'truth')) as { calls: { sid: string; label: string }[] };
  const coach = monitor.calls.find((call) => call.label === 'boss')!.sid;
  await expect.poll(() => tones(coach)).toEqual([440, 700]);
});

test('the first of several browsers takes the call, and the others stop ringing', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const [desk, mobile] = [await softphone('ana', 700), await softphone('ana', 900)];
  const caller = await exchange.call({ sends: { tone: 440 } });
  await Promise.all([desk.told('incoming'), mobile.told('incoming')]);
  await mobile.run('call.accept()');
  await desk.told('cancel');
  await mobile.hears(440);
  await exchange.hears(caller, 900);
});

test('a call that is declined is busy, and one that is given up is withdrawn', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial action="/done"><Client>ana</Client></Dial>');
  exchange.twiml('/done', '<Hangup/>');
  const ana = await softphone('ana', 700);
  await exchange.call();
  await ana.told('incoming');
  await ana.run('call.reject()');
  expect((await exchange.webhook('/done')).get('DialCallStatus')).toBe('busy');
  const second = await exchange.call();
  await ana.told('incoming', 2);
  await exchange.control('DELETE', `calls/${second}`);
  await ana.told('cancel');
});

test('whoever waits alone hears the music of the waitUrl, or else the network’s own', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', `<Dial><Conference waitUrl="/wait">room</Conference></Dial>`);
  exchange.twiml('/wait', `<Play>${exchange.at('/song.wav')}</Play><Redirect/>`);
  exchange.file('/song.wav', 'audio/wav', tone(1500));
  const first = await exchange.call();
  await exchange.hears(first, 1500);
  exchange.twiml('/voice', '<Dial><Conference>other</Conference></Dial>');
  const second = await exchange.call();
  await expect.poll(async () => (await exchange.leg(second)).heard.level).toBeGreaterThan(-40);
  const ana = await softphone('ana', 700);
  await exchange.add('other', 'ana');
  await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(second, 700);
});

test('keys pressed outside are heard as tones', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const ana = await softphone('ana', 700);
  const caller = await exchange.call();
  await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(caller, 700);
  await ana.hearsNothing();
  // Two tones make a key, 770 and 1336 Hz; coming in bursts they are spread over a few hertz.
  await exchange.control('POST', `calls/${caller}/digits`, { digits: '5'.repeat(20) });
  const isKey = (tone: number | null) => [770, 1336].some((hertz) => Math.abs((tone ?? 0) - hertz) < 8);
  await expect.poll(async () => isKey((await ana.heard()).tone)).toBe(true);
});

test('messages go both ways during a call', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const ana = await softphone('ana', 700);
  await exchange.call();
  const { parameters } = await ana.told('incoming');
  await ana.run('call.accept()');
  await ana.told('accept');
  await ana.run(`call.sendMessage({ content: { hello: 'world' }, contentType: 'application/json', messageType: 'user-defined-message' })`);
  await ana.told('sent');
  const messages = await exchange.control('GET', `calls/${parameters.CallSid}/messages`);
  expect(messages).toMatchObject([{ content: { hello: 'world' } }]);
  await exchange.control('POST', `calls/${parameters.CallSid}/messages`, { note: 'a gold customer' });
  expect((await ana.told('message')).content).toEqual({ note: 'a gold customer' });
});
