// Pages run only what the server put into them: the browser is told so, and holds everything that gets in to it.
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA } from '../fixtures/people.ts';

test('what somebody smuggles into a page does not run', async ({ salon }) => {
  const cristina = await salon.floorOf(CRISTINA);
  const told = await cristina.page.evaluate(async () => {
    const violations: string[] = [];
    const enough = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        violations.push(effectiveDirective);
        if (violations.length >= 4) resolve();
      });
    });
    const script = document.createElement('script');
    script.textContent = 'window.smuggled = true';
    document.body.append(script);
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.smuggled = true');
    document.body.append(button);
    button.click();
    document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: red">styled</p>');
    void fetch('https://elsewhere.example/').catch(() => undefined);
    await enough;
    return { violations, smuggled: 'smuggled' in window };
  });
  expect(told.smuggled).toBe(false);
  expect(told.violations.sort()).toEqual(['connect-src', 'script-src-attr', 'script-src-elem', 'style-src-attr']);
  // Complained of just now, and meant to be.
  salon.troubles.length = 0;
});

test('every page keeps to its own policy, which is new with each answer', async ({ salon }) => {
  await salon.onDuty(ANA);
  await salon.carrier.call(MARIA);
  const context = await salon.browserOf(CRISTINA);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  const nonces = new Set<string>();
  const paths = ['/', '/', '/calls', '/profile', '/people', '/people/new', '/people/ana', '/settings/twilio', '/settings/log', '/settings/api', '/settings/numbers', '/settings/numbers/40312345678', '/settings/privacy', '/contacts', '/contacts/new', '/api/docs', '/nowhere'];
  for (const path of paths) {
    const answer = await page.goto(path);
    await page.waitForLoadState('networkidle');
    const headers = answer!.headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/);
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? '');
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
  }
  expect(nonces.size, 'a nonce for each answer').toBe(paths.length);
  expect(complaints).toEqual([]);
  const file = await context.request.get('/pkg/switchyard.css');
  expect(file.headers()['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(file.headers()['strict-transport-security'], 'not without TLS').toBeUndefined();
});

test('whoever tries too many passwords is told when to come back', async ({ salon, request }) => {
  const form = { email: 'ana@aurora.example', password: 'wrong' };
  let answer = await request.post(`${salon.server.url}/sign-in`, { form });
  for (let tries = 1; tries < 6; tries++) answer = await request.post(`${salon.server.url}/sign-in`, { form });
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(60);
  expect(await answer.text()).toContain('Too many attempts');
});
