// A company that has nothing but the printed address comes to its first answered call, with only what it reads on the screen.
import { expect, test } from '../fixtures/test.ts';
import { stranger } from '../fixtures/people.ts';
import { Phone, withMicrophone } from '../fixtures/phone.ts';

const ACCOUNT = { sid: 'ACfeedfacefeedfacefeedfacefeedface', token: '00112233445566778899aabbccddeeff' };
const NUMBER = '+40364400001';
const CALLER = 440;
const OWNER = 700;

test('from the printed address to the first answered call', async ({ page, office }) => {
  const { carrier } = office;
  await withMicrophone(page.context(), { hertz: OWNER });
  await page.context().grantPermissions(['microphone', 'notifications'], { origin: office.url });
  await carrier.open(ACCOUNT, NUMBER);
  await office.found(page);

  // The floor says what is missing, and leads there.
  await page.getByRole('link', { name: 'Floor' }).click();
  await office.connect(page, ACCOUNT, NUMBER);
  const phone = new Phone(page, carrier, { id: 'owner', name: 'Olga Pop' });
  await phone.switchOn();
  const caller = stranger(1);
  const sid = await carrier.call(caller, { sends: { tone: CALLER } }, NUMBER);
  await phone.rings(caller);
  await phone.press('Answer');
  await phone.isOnACallWith(caller);
  await phone.hears(CALLER);
  await carrier.hears(sid, OWNER);
  await phone.press('Hang up');
  await phone.isReady();

  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('row', { name: new RegExp(caller.name.replace('+', '\\+')) })).toContainText('Answered');
});
