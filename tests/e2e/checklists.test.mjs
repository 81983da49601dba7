// A coach writes a checklist: parts, questions, a condition that is picked, the preview answered at once, taken back, found again
// after the screen was left, and given out.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { until } from './harness/processes.mjs';
import { words } from './harness/words.mjs';
import * as work from './harness/work.mjs';

const fr = words('fr');
const laptop = new Laptop('the coach’s laptop');
after(() => laptop.dispose());

test('a checklist is written, tried, taken back and given out', async () => {
  const page = await laptop.open();
  await work.begin(page, fr, { letters: 'selingue', place: 'Sélingué', name: 'Dr Oumou Diallo', role: 'coach' });
  const go = (hash) => page.browser.execute((to) => (location.hash = to), hash);
  await go('#/checklists');
  await page.fill(fr('checklist-name'), 'Chaîne du froid');
  await page.press('button', fr('checklist-new'));
  const asks = async (text) => {
    await page.press('button', fr('checklist-add-item'));
    await pause(200);
    await page.fill(fr('checklist-words-fr', { label: fr('checklist-question') }), text);
  };
  await asks('Le réfrigérateur marche');
  await asks('Ce qui manque pour le réparer');
  await page.press('button', fr('checklist-condition-add'));
  await page.browser.execute(() => {
    const value = [...document.querySelectorAll('.test select')].at(-1);
    value.value = 'no';
    value.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const shown = () => page.browser.execute(() => document.querySelectorAll('.side .step').length);
  await until('the second question being hidden', async () => (await shown()) === 1);
  await page.browser.execute(() => [...document.querySelectorAll('.side .step input[type=radio]')][1].click());
  await until('the second question being asked', async () => (await shown()) === 2);
  await page.says(fr('checklist-score', { percent: 0 }));
  const lines = () => page.browser.execute(() => [...document.querySelectorAll('nav .line')].length);
  const before = await lines();
  await page.press('button', fr('checklist-double'));
  await until('a third question', async () => (await lines()) === before + 1);
  await page.press('button', fr('checklist-undo'));
  await until('it being taken back', async () => (await lines()) === before);
  await pause(1500);
  const draft = await page.browser.execute(() => location.hash);
  await go('#/checklists');
  await page.says(fr('checklists-drafts'));
  await go(draft);
  await page.says('Ce qui manque pour le réparer');
  assert.equal(await lines(), before);
  await laptop.picture('checklist-builder');
  await page.press('button', fr('checklist-publish'));
  await page.says(fr('checklist-version-short', { number: '1' }));
});
