// Calls that come to a browser, with the unmodified SDK in it.
import { expect, NUMBER, test } from '../../fixtures/softphone.ts';

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
