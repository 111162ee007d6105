// Who does not answer is set away: she reads why on her card, her colleagues see it, and one click takes calls again.
import { expect, test } from '../fixtures/test.ts';
import { ANA, MARIA, MIHAI } from '../fixtures/people.ts';

test('who was set away reads why, and takes calls again with one click', async ({ salon }) => {
  const [ana, mihai] = [await salon.floorOf(ANA), await salon.floorOf(MIHAI)];
  await salon.onDuty(ANA);
  await ana.isDoing(ANA, 'Available');
  const said = await ana.listen();
  await salon.carrier.phone(ANA, { answers: 'rejects' });
  await salon.carrier.call(MARIA);
  const why = 'Set away: 2 calls in a row were not answered.';
  for (const floor of [ana, mihai]) {
    await floor.isDoing(ANA, 'Away');
    await expect(floor.agent(ANA).getByText(why)).toBeVisible();
  }
  await expect.poll(async () => (await said()).some((words) => words.includes(why))).toBe(true);
  await expect(mihai.agent(ANA).getByRole('button', { name: 'Take calls again' })).toBeHidden();

  await salon.carrier.phone(ANA, { answers: 'never' });
  await ana.agent(ANA).getByRole('button', { name: 'Take calls again' }).click();
  await ana.isWith(MARIA, ANA, 'Ringing');
  for (const floor of [ana, mihai]) await expect(floor.agent(ANA).getByText(why)).toBeHidden();
  await salon.carrier.answer(ANA);
  await ana.isWith(MARIA, ANA);
});
