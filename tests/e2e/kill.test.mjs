// The battery is pulled while somebody types. What the screen showed as saved must be there at the next start; of the rest
// at most the last field may be lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';
import { beginCarriere, comeIn, openCarriere } from './harness/work.mjs';

test('killed in mid-typing, only the unfinished field may be lost', async (t) => {
  const say = words('fr');
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());

  let page = await laptop.open();
  await beginCarriere(page, say);
  await page.fill(say('field-aim-from', { unit: '%' }), '52,5');
  await page.says(/52,5/u);
  await page.type(say('field-cause'), 'Les femmes viennent tard par');
  await laptop.kill();

  page = await laptop.open();
  await comeIn(page, say);
  await openCarriere(page, say);
  const valueOf = async (key, parameters) => (await page.find('textbox', say(key, parameters))).getValue();
  assert.equal(await valueOf('field-title'), 'Quatre CPN à Carrière');
  assert.equal(await valueOf('field-aim-from', { unit: '%' }), '52,5');
  const unfinished = await valueOf('field-cause');
  assert.ok('Les femmes viennent tard par'.startsWith(unfinished), `the unfinished field holds ${JSON.stringify(unfinished)}`);
});
