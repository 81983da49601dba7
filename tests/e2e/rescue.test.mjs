// A database that does not open any more, and work that somebody wants as it was: the ways back, in the real window.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';
import { PIN, beginCarriere, comeIn, goTo, openCarriere } from './harness/work.mjs';

const say = words('fr');
const CAUSE = 'Les femmes viennent tard';
const LATER = 'Le carnet manque';

const cause = async (page) => (await page.find('textbox', say('field-cause'))).getValue();

test('a damaged database comes back from the backup that closing made', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  let page = await laptop.open();
  await beginCarriere(page, say);
  await page.fill(say('field-cause'), CAUSE);
  await page.keys(['Control', 'l']);
  await page.find('textbox', say('accounts-pin'));
  await laptop.close();

  const database = join(laptop.home, 'nyetaa.db');
  writeFileSync(database, readFileSync(database).fill(0x5a));
  rmSync(`${database}-wal`, { force: true });

  page = await laptop.open();
  await page.type(say('accounts-pin'), PIN);
  await page.keys('Enter');
  await page.find('heading', say('rescue-title'));
  await page.says(say('rescue-safe'));
  await laptop.picture('rescue');
  await page.press('button', say('rescue-restore'));
  await page.find('link', say('rail-improve'));
  await openCarriere(page, say);
  assert.equal(await cause(page), CAUSE);
  assert.deepEqual(await page.faults(), []);
});

test('going back to a backup, and undoing it', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const page = await laptop.open();
  await beginCarriere(page, say);
  await page.fill(say('field-cause'), CAUSE);
  await goTo(page, say, 'place');
  await page.press('link', say('backups-link-act'));
  await page.press('button', say('backups-now'));
  await page.says(say('backups-made'));

  await openCarriere(page, say);
  await page.fill(say('field-cause'), LATER);
  await goTo(page, say, 'place');
  await page.press('link', say('backups-link-act'));
  const named = say('backups-look-named', { when: '…' }).split('…')[0];
  await page.press('button', new RegExp(`^${named}`, 'u'));
  await page.choose(say('backups-leave'));
  await page.press('button', say('backups-restore'));
  await laptop.picture('backups-sure');
  const sure = say('backups-restore-sure', { when: '…' }).split('…')[0];
  await page.press('button', new RegExp(`^${sure}`, 'u'));
  await page.says(say('backups-restored'));
  await openCarriere(page, say);
  assert.equal(await cause(page), CAUSE, 'as it was');

  await goTo(page, say, 'place');
  await page.press('link', say('backups-link-act'));
  await page.press('button', say('backups-undo'));
  await page.says(say('backups-undone'));
  await openCarriere(page, say);
  assert.equal(await cause(page), LATER, 'as it was before going back');
  await page.keys(['Control', 'l']);
  await comeIn(page, say);
  assert.deepEqual(await page.faults(), []);
});
