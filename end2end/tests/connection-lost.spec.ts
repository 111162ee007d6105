import { expect, test } from '../fixtures/test.ts';
import { Line } from '../fixtures/line.ts';
import { ANA, CRISTINA, GEORGE, MARIA, SOFIA, VICTOR } from '../fixtures/people.ts';

test('a browser whose line was cut is brought up to date, with nothing missing or doubled', async ({ salon }) => {
  const { carrier } = salon;
  await salon.onDuty(ANA);
  const line = await Line.to(salon.server.url);
  const [ana, cristina] = [await salon.floorOf(ANA, { baseURL: line.url }), await salon.floorOf(CRISTINA)];
  const maria = await salon.talk(MARIA, ANA, ana);

  await line.cut();
  await expect(ana.page.getByText(/^(Reconnecting…|Offline)$/).first()).toBeVisible();
  await expect(ana.page.getByText('What you see may be out of date')).toBeVisible();
  await carrier.hangUp(maria);
  await carrier.call(GEORGE);
  await cristina.isWith(GEORGE, ANA, 'Ringing');
  await carrier.answer(ANA);
  await cristina.isWith(GEORGE, ANA);
  await carrier.call(SOFIA);
  await cristina.isWaiting(SOFIA);
  await ana.isWith(MARIA, ANA);

  await line.mend();
  await ana.isLive(30_000);
  await ana.isGone(MARIA);
  await ana.isWith(GEORGE, ANA);
  await ana.isWaiting(SOFIA);
  await salon.agrees(ana);
  expect(await ana.board()).toEqual(await cristina.board());
  await line.cut();
});

test('who was signed out meanwhile is led to the sign-in page', async ({ salon }) => {
  const line = await Line.to(salon.server.url);
  const ana = await salon.floorOf(ANA, { baseURL: line.url });
  await line.cut();
  const out = await ana.page.context().request.post(`${salon.server.url}/sign-out`);
  expect(out.ok()).toBe(true);
  await line.mend();
  await expect(ana.page).toHaveURL(/\/sign-in/, { timeout: 30_000 });
  await line.cut();
});

test('a browser without network says so, and is back as soon as the network is', async ({ salon }) => {
  const line = await Line.to(salon.server.url);
  const ana = await salon.floorOf(ANA, { baseURL: line.url });
  await line.cut();
  await ana.page.context().setOffline(true);
  await expect(ana.page.getByRole('banner').getByText('Offline', { exact: true })).toBeVisible();
  await line.mend();
  await ana.page.context().setOffline(false);
  await ana.isLive(5_000);
  await salon.agrees(ana);
  await line.cut();
});

test('a server that stops answering is noticed, and calls are not dragged meanwhile', async ({ salon }) => {
  test.setTimeout(120_000);
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(MARIA, ANA, ana);
  salon.server.program.pause();
  await expect(ana.page.getByText('Reconnecting…', { exact: true })).toBeVisible({ timeout: 60_000 });
  await ana.drag(MARIA, ana.slot(3));
  await ana.says('Not connected');
  await ana.isWith(MARIA, ANA);
  await salon.carrier.call(VICTOR);
  salon.server.program.resume();
  await ana.isLive(30_000);
  await ana.isWaiting(VICTOR);
  await expect(ana.slot(3)).toHaveAccessibleName('Slot 3, empty');
  await ana.drag(MARIA, ana.slot(3));
  await ana.isParked(MARIA, 3);
  await salon.agrees(ana);
});

test('a live feed that is cut is taken up where it was', async ({ salon }) => {
  await salon.onDuty();
  const ana = await salon.floorOf(ANA);
  await salon.carrier.call(MARIA);
  await ana.isWaiting(MARIA);
  const feeds: string[] = [];
  ana.page.on('request', (request) => request.url().includes('/api/live') && feeds.push(request.url()));
  // The server goes and comes back twice; each time somebody calls meanwhile or just after.
  for (const caller of [GEORGE, SOFIA]) {
    await salon.server.program.kill();
    await salon.server.startAgain();
    await salon.carrier.call(caller);
    await ana.isLive();
    await ana.isWaiting(caller);
  }
  expect(feeds.length).toBeGreaterThan(0);
  await expect(ana.waiting.getByRole('article')).toHaveCount(3);
  await salon.agrees(ana);
});
