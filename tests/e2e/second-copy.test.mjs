import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Laptop, windowEnvironment } from './harness/laptop.mjs';
import { desktop } from './harness/places.mjs';
import { start, until } from './harness/processes.mjs';

test('a second copy on the same folder brings the first to the front and leaves', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  await laptop.open();
  const window = laptop.windowPid;

  const second = start(desktop, [], { env: await windowEnvironment(laptop.home) });
  assert.equal(await second.ended, 0, `the second copy leaves in order:\n${second.said}`);
  await until('the first window coming to the front', () => laptop.log.includes('came to the front'));
  assert.equal(laptop.windowPid, window, 'the first window is still the same process');
});

test('a copy on another folder opens beside it', async (t) => {
  const [one, other] = [new Laptop('one laptop'), new Laptop('another')];
  t.after(() => Promise.all([one.dispose(), other.dispose()]));
  await one.open();
  await other.open();
  assert.ok(one.windowPid && other.windowPid && one.windowPid !== other.windowPid);
});
