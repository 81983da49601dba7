// From a click to the screen's content, in the real window, on the folder that `bench ui` filled: NYETAA_FILLED names it.
// Printed by `cargo xtask bench ui`, never tested.
import { Laptop } from './harness/laptop.mjs';
import { words } from './harness/words.mjs';

const PROMISED_MS = 100;
const TIMES = 7;

const t = words('fr');
const laptop = new Laptop('the district', process.env.NYETAA_FILLED);
const rows = [];
try {
  const page = await laptop.open();
  await page.browser.setTimeout({ script: 30_000 });
  await page.choose('Français');
  await page.press('button', t('start-practice'));
  await page.find('link', t('rail-improve'));
  // What a screen still waits for: the window's commands go out as requests.
  await page.browser.execute(() => {
    const fetch = window.fetch;
    window.underWay = 0;
    window.fetch = async (...asked) => {
      window.underWay += 1;
      try {
        return await fetch(...asked);
      } finally {
        window.underWay -= 1;
      }
    };
  });
  const cycle = await page.browser.executeAsync(async (done) => {
    const ask = (name, payload) => window.__TAURI_INTERNALS__.invoke('call', { name, payload });
    const cycles = await ask('cycles', { place: null });
    done(cycles.find((cycle) => cycle.place.name === 'CSCom 12').id);
  });
  for (const [name, address] of [
    ['Today', '#/today'],
    ['Improve', '#/improve'],
    ['a cycle, understand', `#/improve/${cycle}/understand`],
    ['a cycle, try', `#/improve/${cycle}/try`],
    ['a cycle, decide', `#/improve/${cycle}/decide`],
    ['its timeline', `#/improve/${cycle}/timeline`],
    ['its causes on the fishbone', `#/improve/${cycle}/tools/causes`],
    ['a new cycle', '#/improve/new'],
    ['Measure', '#/measure'],
    ['every measure', '#/multiples'],
    ['Share', '#/share'],
    ['actions', '#/actions'],
    ['meetings', '#/meetings'],
    ['pauses', '#/pauses'],
    ['visits', '#/supervision'],
    ['the sync panel', '#/sync'],
  ]) {
    const times = [];
    for (let i = 0; i < TIMES; i += 1) {
      await page.browser.executeAsync(shown, '#/about');
      times.push(await page.browser.executeAsync(shown, address));
    }
    times.sort((a, b) => a - b);
    rows.push([name, times[(TIMES - 1) / 2], times.at(-1)]);
  }
} finally {
  await laptop.close();
}

console.log('\nClick to content in the window, ms'.padEnd(45), 'median'.padStart(8), 'slowest'.padStart(8), 'of 100'.padStart(8));
for (const [name, median, slowest] of rows) {
  const ratio = (median / PROMISED_MS).toFixed(2);
  console.log(name.padEnd(44), median.toFixed(0).padStart(8), slowest.toFixed(0).padStart(8), ratio.padStart(8));
}
process.exit(0);

/** Runs in the page: goes to an address and waits until nothing is asked for and nothing changes for a while. Answers how long the last change took. */
function shown(address, done) {
  const QUIET_MS = 400;
  const begun = performance.now();
  let last = begun;
  const seen = new MutationObserver(() => (last = performance.now()));
  seen.observe(document.getElementById('main'), { childList: true, subtree: true, characterData: true });
  location.hash = address;
  const look = () => {
    if (window.underWay > 0 || performance.now() - last < QUIET_MS) return void requestAnimationFrame(look);
    seen.disconnect();
    done(last - begun);
  };
  requestAnimationFrame(look);
}
