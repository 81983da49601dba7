// Work goes by hand where there is no network: from a clinic onto a stick, from the stick to the supervisor, with the
// supervisor to the server, and from there to a second laptop of the same clinic. Two people have meanwhile written the
// same figure; both values are seen, one is chosen, and the choice comes back by the stick.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test as plainTest } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { Server } from './harness/server.mjs';
import { words } from './harness/words.mjs';
import * as work from './harness/work.mjs';

const fr = words('fr');

const CENTRE = 'CSCom de Carrière';
const CYCLE = 'Quatre CPN à Carrière';
const TRIAL = 'Conseil en couple le jour du marché';
const REGISTER = [[18, 31], [21, 30], [17, 29]]; // prettier-ignore

const server = new Server();
const clinic = new Laptop('Awa’s laptop');
const second = new Laptop('Fanta’s laptop, of the same clinic');
const district = new Laptop('the supervisor’s laptop');
const stick = mkdtempSync(join(tmpdir(), 'nyetaa-e2e-stick-'));

after(async () => {
  await Promise.all([clinic, second, district].map((laptop) => laptop.dispose()));
  await server.dispose();
  rmSync(stick, { recursive: true, force: true });
});

let failed = false;
/** A step; after one that failed the others would only say the same again. */
function test(name, step) {
  plainTest(name, async (t) => {
    if (failed) return t.skip('an earlier step failed');
    failed = true;
    await step();
    failed = false;
  });
}

let awa, fanta, coach;

test('both laptops of the clinic and the supervisor’s are known to the server', async () => {
  await server.serve();
  awa = await clinic.open();
  await work.begin(awa, fr, { letters: 'selingue', place: 'Sélingué', added: CENTRE, name: 'Awa Traoré', role: 'lead' });
  await work.startCycle(awa, fr, { area: 'mnch', template: 'Quatre CPN avant l’accouchement' });
  await awa.fill(fr('field-title'), CYCLE);
  await work.takeUpFigures(awa, fr, REGISTER);
  await enrol(awa, { facility: CENTRE, role: 'lead' });

  coach = await district.open();
  await work.begin(coach, fr, { letters: 'selingue', place: 'Sélingué', name: 'Dr Oumou Diallo', role: 'coach' });
  await enrol(coach, { role: 'coach' });

  fanta = await second.open();
  await work.begin(fanta, fr, { letters: 'selingue', place: 'Sélingué', added: CENTRE, name: 'Fanta Sidibé', role: 'member' });
  await enrol(fanta, { facility: CENTRE, role: 'member' });
  await work.openCycle(fanta, fr, CYCLE);
  // Who else reads this clinic comes down with the next exchange.
  await work.sync(awa, fr);
  await work.sync(coach, fr);
});

test('without a network the clinic’s work goes onto a stick, and is not called received', async () => {
  await server.stop();
  await work.openCycle(awa, fr, CYCLE);
  await work.goToStep(awa, fr, 'try');
  await awa.add(fr('try-add'), TRIAL);
  await work.changeFirstFigure(awa, fr, { to: 15 });
  await work.openSync(awa);
  await awa.press('button', fr('sync-now'));
  await awa.says(fr('error-server-unreachable'));
  await work.putOnStick(awa, fr, stick);
  await clinic.picture('stick-1-sent');
  await work.openSync(awa);
  assert.equal(await awa.count('heading', fr('state-up-to-date')), 0, 'work that is only on a stick is not called sent');
  const lying = filesOf(stick);
  assert.ok(lying.length > 0, 'something lies on the stick');
  for (const file of lying) assert.ok(!readFileSync(file).includes('march'), `${file} cannot be read by its courier`);
});

test('meanwhile a colleague counts the same month otherwise', async () => {
  await work.changeFirstFigure(fanta, fr, { to: 16 });
});

test('the supervisor takes the work from the stick, reads it without a network, and brings it to the server', async () => {
  await work.takeFromStick(coach, fr, stick);
  await district.picture('stick-2-received');
  await work.openCycle(coach, fr, CYCLE);
  await work.goToStep(coach, fr, 'try');
  await coach.says(TRIAL);
  await server.serve();
  await work.sync(coach, fr);
});

test('the colleague gets it from the server, sees both values and chooses', async () => {
  await work.openSync(fanta);
  await fanta.press('button', fr('sync-now'));
  await fanta.says(fr('sync-review', { count: 1 }));
  await fanta.press('link', fr('sync-review-act'));
  for (const said of ['Awa Traoré', 'Fanta Sidibé']) await fanta.says(said);
  await second.picture('stick-3-two-values');
  await fanta.press('button', fr('conflict-choose', { value: fr('review-out-of', { n: 15, d: REGISTER[0][1] }) }));
  await fanta.says(fr('review-none'));
  await work.sync(fanta, fr);
  await work.openCycle(fanta, fr, CYCLE);
  await work.goToStep(fanta, fr, 'try');
  await fanta.says(TRIAL);
});

test('the supervisor carries the choice and the receipts back to the clinic, which still has no network', async () => {
  await work.sync(coach, fr);
  await server.stop();
  await work.putOnStick(coach, fr, stick);
  await work.takeFromStick(awa, fr, stick);
  await clinic.picture('stick-4-back');
  await work.openGrid(awa, fr);
  await awa.keys(['Control', 'Home']);
  await awa.says('15');
  assert.equal(await awa.count('text', fr('cell-open')), 0, 'nothing is left to choose');
});

test('at the end all are up to date, and the server finds everything in order', async () => {
  await server.serve();
  for (const page of [awa, coach, fanta]) await work.sync(page, fr);
  assert.ok((await server.check()).ok, 'the server finds everything in order');
  for (const page of [awa, coach, fanta]) assert.deepEqual(await page.faults(), [], `nothing was blocked or thrown: ${page.laptop}`);
});

async function enrol(page, { facility, role }) {
  const code = await server.invite({ place: 'Sélingué', facility, role });
  await work.enrol(page, fr, { server: server.address, code });
  await work.sync(page, fr);
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
