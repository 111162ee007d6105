import { expect, test } from '../fixtures/test.ts';
import { Floor } from '../fixtures/floor.ts';
import { ANA, MARIA } from '../fixtures/people.ts';

const EMAIL = 'ana@aurora.example';
const PASSWORD = 'aurora-demo';

test.beforeEach(async ({ page, salon }) => {
  await page.goto(salon.server.url);
});

test('visitors are sent to sign in, and then to where they wanted to go', async ({ page, salon }) => {
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(`${salon.server.url}/calls`);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel('Email').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/calls$/);
  await expect(page.getByRole('heading', { name: 'Call history' })).toBeVisible();
});

test('one click signs in to the demo, and signing out ends it', async ({ page, context, salon }) => {
  await page.getByRole('button', { name: ANA.name }).click();
  await expect(page.getByRole('main', { name: 'Floor' })).toBeVisible();
  const session = (await context.cookies()).find(({ name }) => name === 'switchyard_session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  // The old session is over for whoever kept it.
  await context.addCookies([session!]);
  await page.goto(salon.server.url);
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a wrong password says so, and after several nobody gets in for a while', async ({ page }) => {
  const attempt = async (password: string) => {
    await page.getByLabel('Email').fill(EMAIL);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  for (let n = 0; n < 5; n++) {
    await attempt(`wrong ${n}`);
    await expect(page.getByText('Email or password are not right')).toBeVisible();
    await page.goto('about:blank');
    await page.goBack();
  }
  await attempt(PASSWORD);
  await expect(page.getByText('Too many attempts')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('signing in works, and the floor is there as it is', async ({ page, salon }) => {
    await salon.onDuty(ANA);
    const watching = await salon.floorOf(ANA, { javaScriptEnabled: true });
    await salon.talk(MARIA, ANA, watching);

    await page.getByLabel('Email').fill(EMAIL);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const floor = new Floor(page, ANA);
    await floor.isWith(MARIA, ANA);
    await expect(floor.slot(3)).toHaveAccessibleName('Slot 3, empty');

    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByRole('heading', { name: 'Call history' })).toBeVisible();
  });

  test('one click signs in to the demo', async ({ page }) => {
    await page.getByRole('button', { name: ANA.name }).click();
    await expect(page.getByRole('region', { name: 'Agents' }).getByRole('article').first()).toBeVisible();
  });
});
