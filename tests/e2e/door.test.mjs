// Leaving and coming in, in the real window: what was half written is saved before the app is locked.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';
import { beginCarriere, comeIn, openCarriere } from './harness/work.mjs';

test('locked by a key, opened by a code, and nothing that was typed is lost', async (t) => {
  const say = words('fr');
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());

  let page = await laptop.open();
  await beginCarriere(page, say);
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
  await openCarriere(page, say);
  const kept = await page.find('textbox', say('field-cause'));
  assert.equal(await kept.getValue(), 'Les femmes viennent tard');
  assert.deepEqual(await page.faults(), []);
});
