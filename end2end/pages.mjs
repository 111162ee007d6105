// Every page of the product, in the order in which the router has them. Whoever looks at all of them (is it accessible, does it
// fit on a phone, does it keep to its policy, what does it look like) looks at these: `server/tests/product/pages.rs` compares
// them with the router, so that a new page cannot be forgotten.

/** What whoever belongs to the company sees; the last is a page that is not there. */
export const MEMBERS = [
  '/',
  '/calls',
  '/voicemail',
  '/contacts',
  '/contacts/new',
  '/contacts/{contact}',
  '/profile',
  '/people',
  '/people/new',
  '/people/{agent}',
  '/settings/floor',
  '/settings/numbers',
  '/settings/numbers/new',
  '/settings/numbers/{number}',
  '/settings/numbers/{number}/release',
  '/settings/twilio',
  '/settings/twilio/key',
  '/settings/twilio/token',
  '/settings/api',
  '/settings/webhooks',
  '/settings/webhooks/{endpoint}',
  '/settings/privacy',
  '/settings/log',
  '/api/docs',
  '/nowhere',
];
/** What whoever is not signed in sees. */
export const STRANGERS = ['/sign-in', '/join/{token}'];
/** What whoever comes first sees, before there is a company. */
export const FIRST = ['/welcome', '/welcome/{code}'];

/**
 * Makes one of everything that has a page of its own, in the demo's salon.
 *
 * @param {import('@playwright/test').APIRequestContext} owner requests of its owner
 * @returns {Promise<Record<string, string>>} what stands in the gaps of the addresses
 */
export async function furnish(owner) {
  const send = async (path, form) => {
    const answer = await owner.post(path, { form, maxRedirects: 0 });
    if (answer.status() >= 400) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer;
  };
  /** The last part of where the answer to a form leads. */
  const made = async (path, form) => (await send(path, form)).headers()['location'].split('?')[0].split('/').at(-1);

  const contact = await made('/contacts/new', {
    name: 'Ștefan Constantinescu-Brâncoveanu',
    number: '+40721000999',
    note: 'Comes on Fridays, and pays by card',
  });
  const agent = await made('/people/new', {
    name: 'Alexandra-Maria Constantinescu',
    email: 'alexandra-maria.constantinescu@aurora.example',
    extension: '187',
    role: 'agent',
    language: '',
    fallback: 'nowhere',
  });
  const token = /\/join\/([\w-]+)/.exec(await (await send(`/people/${agent}/link`, {})).text())[1];
  await send('/settings/api', { name: 'Reports of every month', 'scope-people:read': 'on' });
  // Nobody is there to be told.
  await send('/settings/webhooks', { name: 'Customers', url: 'http://127.0.0.1:9/integrations/calls', 'event-call.ended': 'yes' });
  const webhooks = await (await owner.get('/settings/webhooks')).text();
  const endpoint = /href="\/settings\/webhooks\/(\w+)"/.exec(webhooks)[1];
  return { contact, agent, token, endpoint, number: '40312345678' };
}

/**
 * The address of a page.
 *
 * @param {string} route
 * @param {Record<string, string>} things
 * @returns {string}
 */
export function pathOf(route, things) {
  return route.replace(/\{(\w+)\}/g, (_, name) => {
    if (!things[name]) throw new Error(`${route}: there is no ${name}`);
    return things[name];
  });
}
