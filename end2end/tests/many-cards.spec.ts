import { expect, test } from '../fixtures/test.ts';
import { ANA, CRISTINA, stranger } from '../fixtures/people.ts';

const CALLERS = 300;

test('with three hundred callers waiting, a call is still dragged', async ({ salon }) => {
  test.setTimeout(180_000);
  await salon.onDuty();
  const callers = Array.from({ length: CALLERS }, (_, n) => stranger(n));
  for (let n = 0; n < CALLERS; n += 20) {
    await Promise.all(callers.slice(n, n + 20).map((caller) => salon.carrier.call(caller)));
  }
  const floor = await salon.floorOf(CRISTINA);
  await expect(floor.waiting.getByRole('article')).toHaveCount(CALLERS, { timeout: 60_000 });

  const [first, second, last] = [callers[0]!, callers[1]!, callers.at(-1)!];
  await floor.drag(first, floor.slot(1));
  await floor.isParked(first, 1);
  await floor.drag(second, floor.agent(ANA));
  await floor.says(`${ANA.name} is away`);
  await floor.choose(last, 'Park in slot 10');
  await floor.isParked(last, 10);
  await expect(floor.waiting.getByRole('article')).toHaveCount(CALLERS - 2);
  await salon.agrees(floor, 30_000);
});
