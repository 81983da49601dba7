// The whole chain of an improvement cycle by keyboard alone, in the real window: each step begins where the last one ended.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { plain } from './harness/page.mjs';
import { words } from './harness/words.mjs';
import * as work from './harness/work.mjs';

const fr = words('fr');
const CAUSE = 'La date du retour n’est pas donnée';
const IDEA = 'Écrire la date du retour sur le carnet';
const LESSON = 'Une date écrite fait revenir';

/** A year of the register: few women with four contacts, then many. */
const REGISTER = [
  [10, 31], [11, 30], [10, 29], [11, 32], [10, 30], [11, 33],
  [24, 30], [25, 31], [24, 29], [27, 34], [24, 30], [22, 28],
]; // prettier-ignore

const laptop = new Laptop('the clinic’s laptop');
let page;
let broken;

/** One step of the chain; the following ones stand on it. */
function step(name, walk) {
  test(name, async () => {
    if (broken) throw new Error(`not reached: « ${broken} » failed`);
    broken = name;
    try {
      await walk();
    } catch (failure) {
      await laptop.picture('failed-chain').catch(() => {});
      throw failure;
    }
    broken = undefined;
  });
}

after(() => laptop.dispose());

step('finding: a sign on the chart opens a cycle that keeps it as its evidence', async () => {
  page = await laptop.open();
  page.byKeyboard = true;
  await work.beginCarriere(page, fr);
  await work.takeUpFigures(page, fr, REGISTER);
  await page.keys(['Control', 'Home']);
  await page.keys('Escape');
  await page.press('link', fr('chart-open'));
  await page.press('link', fr('sign-cycle'));
  await page.choose('Quatre CPN avant l’accouchement');
  await page.press('button', fr('new-begin'));
  await work.writeAim(page, fr, {
    who: 'les femmes qui accouchent à Carrière',
    what: 'ont au moins quatre CPN',
    from: '35',
    to: '80',
    by: '30/06/2027',
  });
  await page.says(fr('aim-complete'));
  await laptop.picture('chain-1-finding');
});

step('cause: written on the fishbone, said to be the main one', async () => {
  await page.press('link', fr('tool-fishbone'));
  await page.press('treeitem', fr('category-people'));
  await page.keys('Insert');
  await page.write(CAUSE);
  await page.keys('Enter');
  await page.press('button', fr('cause-make-main'));
  await page.says(fr('cause-is-main'));
  await laptop.picture('chain-2-cause');
});

step('idea: on the page of the cycle, below the cause', async () => {
  await page.press('link', fr('tools-back'));
  await page.says(CAUSE);
  await page.add(fr('ideas-add'), IDEA);
  await page.press('button', fr('ideas-try-named', { idea: IDEA }));
});

step('three trials, each out of the one before, the last one adopted', async () => {
  for (const [at, decision] of ['adapt', 'adopt', 'adopt'].entries()) {
    await work.walkThroughTrial(page, fr, {
      prediction: 'Huit femmes sur dix reviendront à la date.',
      who: 'Awa Traoré',
      starts: '03/11/2026',
      happened: 'Dix femmes sont parties avec une date.',
      seen: ['8', '10'],
      comparison: 'as-predicted',
      learned: 'Le jour du marché convient.',
      decision,
    });
    await laptop.picture('chain-3-trial');
    if (at < 2) await page.press('button', fr('trial-go-on'));
  }
});

step('signal: the chart beside says it', async () => {
  await page.says(fr('verdict-changed'));
});

step('decision and lesson', async () => {
  await work.writeLesson(page, fr, { title: LESSON, what: 'Écrire la date, et la dire.' });
  await page.says(LESSON);
  await laptop.picture('chain-4-lesson');
});

step('re-check: planned at the decision, answered with the chart in sight', async () => {
  await page.fill(fr('hold-looked'), 'La courbe, et dix carnets');
  await page.fill(fr('hold-who'), 'Awa Traoré');
  await page.press('button', fr('hold-plan-act'));
  await page.says(plain(fr('hold-after', { months: 3 })));
  await page.press('button', fr('edit'), '.change');
  await page.fill(fr('hold-day'), new Date().toLocaleDateString('fr-FR'));
  await page.says(plain(fr('hold-due', { months: 3 })));
  await page.fill(fr('hold-said'), 'Neuf carnets sur dix portent une date.');
  await page.press('button', fr('holding-holds'));
  await page.says(fr('holding-holds-done', { months: 3 }));
  await laptop.picture('chain-5-held');
  assert.deepEqual(await page.faults(), [], 'nothing was blocked or thrown');
});
