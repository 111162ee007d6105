import type { APIRequestContext } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { Salon } from '../fixtures/salon.ts';
import { ANA, CRISTINA, ELENA, MIHAI, stranger, type Agent } from '../fixtures/people.ts';

const AGENTS = [ANA, MIHAI, ELENA];
const QUIET = 25_000;

test.use({ settings: { ring: 6, wrapUp: 1, park: 8, sweep: 2 } });

for (const seed of [1, 2, 3, 4]) {
  const bad = seed % 2 === 0;
  test(`whatever people do, the floor ends in the truth (seed ${seed}${bad ? ', bad network' : ''})`, async ({ salon }) => {
    test.setTimeout(180_000);
    const { carrier } = salon;
    const dice = new Dice(seed);
    await salon.onDuty(...AGENTS);
    const floor = await salon.floorOf(CRISTINA);
    const day = new Day(salon, await salon.requestsOf(CRISTINA), dice);
    if (bad) await carrier.faults({ seed, delay_ms: [0, 400], double: 0.2, reorder: 0.2, lose: 0.1 });

    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 12; n++) await day.somethingHappens();
      if (round === 2) {
        await salon.server.program.kill();
        for (let n = 0; n < 4; n++) await day.somebodyOutsideDoesSomething();
        await salon.server.startAgain();
      }
      await salon.agrees(floor, QUIET);
    }
    await carrier.noFaults();
    await day.everybodyHangsUp();
    await expect.poll(async () => (await floor.board()).calls, { timeout: QUIET }).toEqual({});
    await salon.agrees(floor, QUIET);
  });
}

/** The same numbers with the same seed (mulberry32). */
class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.next() * of.length)]!;
  }
}

/** What people do, sensible or not. What cannot be is refused, and that is part of the day. */
class Day {
  private calls: string[] = [];
  private callers = 0;

  constructor(
    private readonly salon: Salon,
    private readonly requests: APIRequestContext,
    private readonly dice: Dice,
  ) {}

  async somethingHappens(): Promise<void> {
    if (this.dice.next() < 0.5) await this.somebodyOutsideDoesSomething();
    else await this.somebodyMovesACall();
    // A moment, so that some things meet and others do not.
    await new Promise((done) => setTimeout(done, this.dice.next() * 150));
  }

  async somebodyOutsideDoesSomething(): Promise<void> {
    const { carrier } = this.salon;
    const agent = this.dice.one(AGENTS);
    const luck = this.dice.next();
    if (luck < 0.4 && this.calls.length < 6) this.calls.push(await carrier.call(stranger(this.callers++)));
    else if (luck < 0.75) await carrier.tries(agent, 'answer');
    else if (luck < 0.85) await carrier.tries(agent, 'reject');
    else if (luck < 0.92) await carrier.tries(agent, 'hangup');
    else if (this.calls.length > 0) await this.hangUp(this.dice.one(this.calls));
  }

  private async somebodyMovesACall(): Promise<void> {
    if (this.calls.length === 0) return;
    const call = this.dice.one(this.calls);
    const slot = Math.floor(this.dice.next() * 4) + 1;
    const intents = [
      { move_call: { call, to: { slot } } },
      { move_call: { call, to: { slot: null } } },
      { move_call: { call, to: { agent: this.dice.one<Agent>(AGENTS).id } } },
      { move_call: { call, to: { agent: this.dice.one<Agent>(AGENTS).id } } },
      { move_call: { call, to: 'queue' } },
      { cancel_move: { call } },
      { set_presence: { agent: this.dice.one<Agent>(AGENTS).id, presence: 'available' } },
    ];
    const answer = await this.requests.post('/api/fn/ask', { data: { intent: this.dice.one(intents) } });
    // Done, refused by the rules, not allowed, or over by now.
    expect([200, 409, 403, 404]).toContain(answer.status());
  }

  private async hangUp(call: string): Promise<void> {
    this.calls = this.calls.filter((other) => other !== call);
    await this.salon.carrier.hangUp(call).catch(() => {});
  }

  async everybodyHangsUp(): Promise<void> {
    for (const call of this.calls) await this.hangUp(call);
  }
}
