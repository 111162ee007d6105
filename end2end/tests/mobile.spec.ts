// A call is moved to a colleague who is not here, and their mobile phone rings: only whoever takes it hears the caller.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, MARIA, MIHAI, RADU } from '../fixtures/people.ts';
import type { Salon } from '../fixtures/salon.ts';

const OF_ANA = 700;
const OF_MARIA = 440;
const OF_RADU = 560;
/** Radu's mobile phone, as it is typed and as it is called. */
const TYPED = '0733 000 111';
const NUMBER = '+40733000111';

/** The owner notes that Radu, who is not here, can be called on his mobile phone, which answers by hand. */
async function raduCanBeCalled(salon: Salon) {
  await salon.carrier.called(NUMBER, { answers: 'never', sends: { tone: OF_RADU } });
  const page = await (await salon.browserOf(CRISTINA)).newPage();
  await page.goto('/people/radu');
  await page.getByLabel('When they are not here').selectOption('Mobile phone');
  await page.getByLabel('Mobile number').fill(TYPED);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByRole('status').first()).toBeVisible();
}

/** Ana talks to Maria in her page. */
async function anaTalksToMaria(salon: Salon) {
  const { floor, phone } = await salon.phoneOf(ANA, OF_ANA);
  await salon.onDuty(ANA);
  const maria = await salon.carrier.call(MARIA, { sends: { tone: OF_MARIA } });
  await phone.press('Answer');
  await phone.isOnACallWith(MARIA);
  await salon.carrier.hears(maria, OF_ANA);
  return { floor, phone, maria };
}

test('a call dragged onto somebody who is offline rings their mobile, and they talk', async ({ salon }) => {
  await raduCanBeCalled(salon);
  const { floor, phone, maria } = await anaTalksToMaria(salon);
  await expect(floor.agent(RADU).getByText('on mobile')).toBeVisible();
  await expect(floor.agent(MIHAI).getByText('on mobile')).toBeHidden();
  await floor.pickUp(MARIA, floor.agent(RADU));
  await expect(floor.agent(RADU)).toHaveAttribute('data-may', 'yes');
  await expect(floor.agent(MIHAI)).toHaveAttribute('data-may', 'no');
  // That she is off the call may be said right after it.
  const said = await floor.listen();
  await floor.letGo();
  await expect.poll(said).toContainEqual(expect.stringContaining(`ringing ${RADU.name} on mobile`));
  await floor.isWith(MARIA, RADU, 'Ringing');
  await expect(floor.call(MARIA).getByText(/Ringing on mobile/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page: floor.page }).include('#floor').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await salon.carrier.picksUp(NUMBER);
  const leg = await salon.carrier.legTo(NUMBER);
  // Whoever answers has not taken the call: Maria still hears music.
  await salon.carrier.hearsMusicNot(maria, OF_RADU);
  await salon.carrier.presses(NUMBER, '1');
  await floor.isWith(MARIA, RADU);
  await salon.carrier.hears(maria, OF_RADU);
  await salon.carrier.hears(leg, OF_MARIA);
  await phone.isReady();
  // The page shows what the number is to nobody.
  expect(await floor.page.content()).not.toContain('733');

  // Whoever hangs up a mobile phone has ended the call.
  await salon.carrier.hangUp(leg);
  await salon.carrier.isOver(maria);
  await expect(floor.call(MARIA)).toBeHidden();
});

test('from the menu it says where it rings, and what nobody takes comes back', async ({ salon }) => {
  await raduCanBeCalled(salon);
  const { floor, phone, maria } = await anaTalksToMaria(salon);
  await floor.choose(MARIA, 'Transfer to Radu Dobre, on mobile');
  await floor.isWith(MARIA, RADU, 'Ringing');
  await salon.carrier.picksUp(NUMBER);
  await salon.carrier.presses(NUMBER, '5');
  await salon.carrier.isOver(await salon.carrier.legTo(NUMBER));
  await phone.press('Answer');
  await phone.isOnACallWith(MARIA);
  await salon.carrier.hears(maria, OF_ANA);
  await phone.hears(OF_MARIA);
});
