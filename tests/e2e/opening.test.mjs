// A folder that cannot be opened: the window opens all the same and says what happened, in French, touching nothing.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';

const say = words('fr');
const DATABASE = 'nyetaa.db';

test('a database without its key is left alone, and the window says so', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const database = join(laptop.home, DATABASE);
  writeFileSync(database, 'somebody else’s work');

  const page = await laptop.open();
  await page.says(say('rescue-why-key-missing'));
  assert.equal(readFileSync(database, 'utf8'), 'somebody else’s work');
});

test('a damaged database is left alone, and the window says so', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  await (await laptop.open()).find('button', say('start-begin'));
  await laptop.close();
  const database = join(laptop.home, DATABASE);
  const damaged = readFileSync(database).fill(0x5a);
  writeFileSync(database, damaged);
  // The write-ahead log alone could bring everything back.
  rmSync(`${database}-wal`, { force: true });

  const page = await laptop.open();
  await page.says(new RegExp(`${say('rescue-why-database-damaged')}|${say('rescue-why-database-foreign')}`, 'u'));
  assert.ok(readFileSync(database).equals(damaged), 'not a byte was changed');
});
