// Pages run only what the server put into them: the browser is told so, and holds everything that gets in to it.
import type { Page, Response } from '@playwright/test';
import { everyPage } from '../fixtures/pages.ts';
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

test('every page keeps to its own policy, which is new with each answer', async ({ browser, salon, office }) => {
  test.slow();
  await salon.onDuty(ANA);
  await salon.carrier.call(MARIA);
  const nonces: string[] = [];
  const looked = async (page: Page, route: string, answer: Response) => {
    // What a page loads later, it is complained of later.
    await page.waitForLoadState('networkidle');
    const headers = answer.headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, route).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/);
    expect(headers, route).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
    nonces.push(/'nonce-([^']+)'/.exec(policy)?.[1] ?? '');
  };
  await everyPage({ browser, salon, office }, {}, looked);
  // The same page twice.
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  for (let visit = 0; visit < 2; visit++) await looked(page, '/', (await page.goto('/'))!);
  expect(nonces).not.toContain('');
  expect(new Set(nonces).size, 'a nonce for each answer').toBe(nonces.length);
  const file = await page.request.get('/pkg/switchyard.css');
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
