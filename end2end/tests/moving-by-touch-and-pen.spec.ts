import { expect, test } from '../fixtures/test.ts';
import { grip, middle } from '../fixtures/floor.ts';
import { ANA, GEORGE, MARIA, MIHAI, stranger } from '../fixtures/people.ts';
import { Finger } from '../fixtures/touch.ts';

const TABLET = { hasTouch: true, viewport: { width: 1024, height: 900 } };
const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };

test('a finger presses long, and drags a call to a slot and back', async ({ salon }) => {
  await salon.onDuty(ANA, MIHAI);
  const ana = await salon.floorOf(ANA, TABLET);
  await salon.talk(MARIA, ANA, ana);
  const finger = await Finger.on(ana.page);

  await finger.longPress(ana.call(MARIA));
  await finger.moveTo(ana.slot(3));
  await finger.lift();
  await ana.isParked(MARIA, 3);
  await salon.agrees(ana);

  await finger.longPress(ana.call(MARIA));
  await finger.moveTo(ana.agent(MIHAI));
  await finger.lift();
  await ana.isWith(MARIA, MIHAI, 'Ringing');
  await salon.carrier.answer(MIHAI);
  await ana.isWith(MARIA, MIHAI);
  await salon.agrees(ana);
});

test('on a phone, a finger drags a waiting caller to an agent', async ({ salon }) => {
  await salon.onDuty();
  const ana = await salon.floorOf(ANA, PHONE);
  await salon.carrier.call(MARIA);
  await ana.isWaiting(MARIA);
  const finger = await Finger.on(ana.page);
  await ana.agent(ANA).scrollIntoViewIfNeeded();
  await finger.longPress(ana.call(MARIA));
  await finger.moveTo(ana.agent(ANA));
  await finger.lift();
  await ana.isWith(MARIA, ANA, 'Ringing');
  await salon.agrees(ana);
});

test('a finger that moves at once scrolls the page and drags nothing', async ({ salon }) => {
  await salon.onDuty();
  const ana = await salon.floorOf(ANA, PHONE);
  const callers = Array.from({ length: 12 }, (_, n) => stranger(n));
  for (const caller of callers) await salon.carrier.call(caller);
  for (const caller of callers) await ana.isWaiting(caller);
  // Callers who come in one moment have no order of their own; the sixth card is below the fold in any.
  const card = ana.waiting.getByRole('article').nth(5);
  await card.scrollIntoViewIfNeeded();
  const scrolled = () => ana.page.evaluate(() => [...document.querySelectorAll('*')].reduce((sum, e) => sum + e.scrollTop, 0));
  const before = await scrolled();
  const finger = await Finger.on(ana.page);
  const at = await grip(card);
  const up = at.y > 422 ? -250 : 250;
  await finger.press(card);
  await finger.moveBy({ x: at.x, y: at.y + up });
  await finger.lift();
  await expect.poll(scrolled).not.toBe(before);
  await expect(ana.waiting.getByRole('article')).toHaveCount(callers.length);
});

test('a pen drags like a mouse', async ({ salon }) => {
  await salon.onDuty(ANA);
  const ana = await salon.floorOf(ANA);
  await salon.talk(GEORGE, ANA, ana);
  const session = await ana.page.context().newCDPSession(ana.page);
  const [from, to] = [await grip(ana.call(GEORGE)), await middle(ana.slot(4))];
  const pen = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', at: { x: number; y: number }) =>
    session.send('Input.dispatchMouseEvent', { type, ...at, pointerType: 'pen', button: 'left', buttons: 1, clickCount: 1 });
  await pen('mousePressed', from);
  for (let step = 1; step <= 8; step++) {
    const part = step / 8;
    await pen('mouseMoved', { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
  }
  await pen('mouseReleased', to);
  await ana.isParked(GEORGE, 4);
  await salon.agrees(ana);
});
