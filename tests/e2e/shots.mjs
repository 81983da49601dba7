// A picture of every screen with the example's data, in both languages, to be looked at: `cargo xtask shots`.
import { setTimeout as pause } from 'node:timers/promises';

import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';

/** Time for fonts and figures to settle; a picture is looked at, not compared. */
const SETTLING_MS = 600;

for (const language of ['fr', 'en']) {
  const laptop = new Laptop(`the laptop in ${language}`);
  try {
    await photograph(laptop, language);
  } finally {
    await laptop.dispose();
  }
}
process.exit(0);

async function photograph(laptop, language) {
  const t = words(language);
  const page = await laptop.open();
  let number = 0;
  const picture = async (name) => {
    await pause(SETTLING_MS);
    const file = `${language}-${String(++number).padStart(2, '0')}-${name}`;
    await laptop.picture(file);
    console.log(`${file}.png`);
  };
  const open = async (name, ...address) => {
    await page.browser.execute((hash) => (location.hash = hash), `#/${address.join('/')}`);
    await picture(name);
  };

  await page.choose(language === 'fr' ? 'Français' : 'English');
  await page.find('button', t('start-begin'));
  await picture('start');
  await page.press('button', t('start-begin'));
  await page.find('button', t('start-done'));
  await picture('who');
  await page.press('button', t('start-back'));
  await page.press('button', t('start-practice'));
  await page.find('link', t('rail-improve'));
  await picture('today');

  await open('cycles', 'improve');
  const cycles = await page.browser.execute(() =>
    [...document.querySelectorAll('a.btn[href^="#/improve/"]')].map((link) => link.hash.slice(2).split('/')),
  );
  await open('new-cycle', 'improve', 'new');
  for (const [, id] of cycles.filter(([, id]) => id !== 'new').slice(0, 3)) {
    for (const step of ['understand', 'try', 'decide']) await open(`cycle-${step}`, 'improve', id, step);
  }
  await open('grid', 'measure');
  await open('import', 'measure', 'import');
  await open('share', 'share');
  await open('place', 'place');
  await open('audit', 'audit');
  await open('sync', 'sync');
  await open('review', 'sync', 'review');
  await open('stick', 'sync', 'stick');
  await open('log', 'sync', 'log');
  await open('help', 'help', 'today');
  await open('calculations', 'calculations');
  await open('about', 'about');
}
