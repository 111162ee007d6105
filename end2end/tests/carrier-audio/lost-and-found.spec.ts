// Registration, tokens, and sockets that break: with the unmodified SDK.
import { accessToken, ACCOUNT, expect, Softphone, test, KEY } from '../../fixtures/softphone.ts';

test('a call outlives its socket', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const ana = await softphone('ana', 700, { maxCallSignalingTimeoutMs: 30_000 });
  const caller = await exchange.call({ sends: { tone: 440 } });
  const { parameters } = await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(caller, 700);

  await ana.run('refused = true; sockets.forEach((socket) => socket.close())');
  await ana.told('reconnecting');
  // Audio does not need the socket.
  await ana.hears(440);
  await exchange.hears(caller, 700);
  await ana.run('refused = false');
  await ana.told('reconnected');
  await exchange.hears(caller, 700);
  await exchange.control('DELETE', `calls/${caller}`);
  await ana.told('disconnect');
  expect((await exchange.leg(parameters.CallSid)).status).toBe('completed');
});

test('a browser that broke hangs up after a while', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial action="/done"><Client>ana</Client></Dial>');
  exchange.twiml('/done', '<Hangup/>');
  const ana = await softphone('ana', 700);
  const caller = await exchange.call({ sends: { tone: 440 } });
  await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(caller, 700);
  // It says no good-bye, as it would if its tab were closed.
  await ana.page.goto('chrome://crash').catch(() => undefined);
  await exchange.hearsNothing(caller);
  expect((await exchange.leg(caller)).status).toBe('in-progress');
  await expect.poll(async () => (await exchange.leg(caller)).status, { timeout: 20_000 }).toBe('completed');
  expect((await exchange.webhook('/done')).get('DialCallStatus')).toBe('completed');
});

test('an idle device registers again after its socket broke', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const ana = await softphone('ana', 700);
  await ana.run('sockets.forEach((socket) => socket.close())');
  await ana.told('registered', 2);
  const caller = await exchange.call({ sends: { tone: 440 } });
  await ana.told('incoming');
  await ana.run('call.accept()');
  await exchange.hears(caller, 700);
});

test('who unregisters is not rung any more', async ({ exchange, softphone }) => {
  exchange.twiml('/voice', '<Dial action="/done"><Client>ana</Client></Dial>');
  exchange.twiml('/done', '<Hangup/>');
  const ana = await softphone('ana', 700);
  await ana.run('device.unregister().then(() => undefined)');
  await ana.told('unregistered');
  await exchange.call();
  expect((await exchange.webhook('/done')).get('DialCallStatus')).toBe('no-answer');
});

test('a fresh token takes over from one that runs out, also during a call', async ({ exchange, browser }) => {
  exchange.twiml('/voice', '<Dial><Client>ana</Client></Dial>');
  const ana = new Softphone(await browser.newPage(), exchange);
  const now = Math.floor(Date.now() / 1000);
  await ana.start(accessToken('ana', { claims: { exp: now + 15 } }), 700, { tokenRefreshMs: 10_000 });
  await ana.register();
  const caller = await exchange.call({ sends: { tone: 440 } });
  await ana.told('incoming');
  await ana.run('call.accept()');
  await ana.hears(440);
  await ana.told('tokenWillExpire');
  await ana.run(`device.updateToken('${accessToken('ana')}')`);
  await exchange.hears(caller, 700);
  expect(await ana.log()).not.toContainEqual(expect.objectContaining({ name: 'error' }));
  await ana.page.close();
});

const now = Math.floor(Date.now() / 1000);
for (const [what, change, code] of [
  ['expired', { claims: { iat: now - 7200, exp: now - 3600 } }, 20104],
  ['of an unknown key', { claims: { iss: KEY.replace(/1$/, '2') } }, 31202],
  ['signed with another secret', { secret: 'wrong' }, 31202],
  ['of an unknown account', { claims: { sub: ACCOUNT.replace(/1$/, '2') } }, 31203],
  ['without Twilio’s content type', { header: { cty: undefined } }, 20101],
  ['good for longer than a day', { claims: { exp: now + 90_000 } }, 31207],
] as const) {
  test(`a token ${what} is refused`, async ({ exchange, browser }) => {
    const ana = new Softphone(await browser.newPage(), exchange);
    await ana.start(accessToken('ana', change), 700);
    await ana.run('void device.register().catch(() => undefined)');
    expect(await ana.told('error')).toEqual({ name: 'error', code });
    expect(await ana.log()).not.toContainEqual(expect.objectContaining({ name: 'registered' }));
    await ana.page.close();
  });
}
