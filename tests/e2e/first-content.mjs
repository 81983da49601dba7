// From the start of the process to the first words on the screen. Printed by `cargo xtask bench`, never tested.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Laptop } from './harness/laptop.mjs';
import { until } from './harness/processes.mjs';
import { words } from './harness/words.mjs';
import { begin, startCycle } from './harness/work.mjs';

/** Promise 7 of the design: the first content within 1.5 s on a machine with two cores. */
const PROMISED_MS = 1500;
const STARTS = 7;
const TICKS_PER_SECOND = 100;

const t = words('fr');
const rows = [];
for (const [name, prepare] of [
  ['an empty folder', async () => {}],
  ['a facility at work', beginWork],
]) {
  const laptop = new Laptop(name);
  try {
    await prepare(laptop);
    const times = [];
    for (let i = 0; i < STARTS; i += 1) times.push(await firstContent(laptop));
    times.sort((a, b) => a - b);
    rows.push([name, times[(STARTS - 1) / 2], times.at(-1)]);
  } finally {
    await laptop.dispose();
  }
}

console.log('\nApp start to first content, ms'.padEnd(45), 'median'.padStart(8), 'slowest'.padStart(8), 'of 1500'.padStart(8));
for (const [name, median, slowest] of rows) {
  const ratio = (median / PROMISED_MS).toFixed(2);
  console.log(name.padEnd(44), median.toFixed(0).padStart(8), slowest.toFixed(0).padStart(8), ratio.padStart(8));
}
process.exit(0);

async function beginWork(laptop) {
  const page = await laptop.open();
  await begin(page, t, { letters: 'selingue', place: 'Sélingué', added: 'CSCom de Carrière', name: 'Awa Traoré', role: 'lead' });
  await startCycle(page, t, { area: 'mnch', template: 'Quatre CPN avant l’accouchement' });
  await laptop.close();
}

async function firstContent(laptop) {
  const page = await laptop.open();
  const painted = () =>
    page.browser.execute(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      return paint && performance.timeOrigin + paint.startTime;
    });
  const at = await until('the first content', painted);
  const started = startOf(laptop.windowPid);
  await laptop.close();
  return at - started;
}

/** When a process began, in milliseconds of the epoch; the kernel keeps it to a hundredth of a second. */
function startOf(pid) {
  const stat = readFileSync(join('/proc', String(pid), 'stat'), 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - (uptime - ticks / TICKS_PER_SECOND) * 1000;
}
