// Leaving and coming in, in the real window: what was half written is saved before the app is locked.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';
import { begin, comeIn, goTo, startCycle } from './harness/work.mjs';

test('locked by a key, opened by a code, and nothing that was typed is lost', async (t) => {
  const say = words('fr');
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());

  let page = await laptop.open();
  await begin(page, say, {
    letters: 'selingue',
    place: 'Sélingué',
    added: 'CSCom de Carrière',
    name: 'Awa Traoré',
    role: 'lead',
  });
  await startCycle(page, say, { area: 'mnch', template: 'Quatre CPN avant l’accouchement' });
  await page.fill(say('field-title'), 'Quatre CPN à Carrière');
  await page.type(say('field-cause'), 'Les femmes viennent tard');
  await page.keys(['Control', 'l']);
  await page.find('textbox', say('accounts-pin'));
  assert.equal((await page.text()).includes('Quatre CPN'), false, 'nothing of the work is on the screen');
  await laptop.picture('door-locked');

  await page.type(say('accounts-pin'), '111119');
  await page.keys('Enter');
  await page.says(say('error-pin-wrong'));
  await comeIn(page, say);
  const cause = await page.find('textbox', say('field-cause'));
  assert.equal(await cause.getValue(), 'Les femmes viennent tard', 'the screen is as it was left');
  await laptop.close();

  page = await laptop.open();
  await comeIn(page, say);
  await goTo(page, say, 'improve');
  await page.press('link', say('improve-open-cycle', { title: 'Quatre CPN à Carrière' }));
  const kept = await page.find('textbox', say('field-cause'));
  assert.equal(await kept.getValue(), 'Les femmes viennent tard');
  assert.deepEqual(await page.faults(), []);
});
