// One improvement cycle from a clinic's laptop to the centre and on to a second laptop, as the people themselves would do
// it, in two real windows against a real server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test as plainTest } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { Server } from './harness/server.mjs';
import { words } from './harness/words.mjs';
import * as work from './harness/work.mjs';

const fr = words('fr');
const en = words('en');

const CENTRE = 'CSCom de Carrière';
const CYCLE = 'Quatre CPN à Carrière';
const TRIAL = 'Conseil en couple le jour du marché';
const COMMENT = 'Très clair. Qui appelle les femmes du hameau ?';

/** Twelve months of the register: women who gave birth, and those of them with four contacts. */
const REGISTER = [
  [18, 31], [21, 30], [17, 29], [20, 32], [19, 30], [22, 33],
  [18, 30], [21, 31], [20, 29], [23, 34], [21, 30], [19, 28],
]; // prettier-ignore

const server = new Server();
const clinic = new Laptop('the clinic’s laptop');
const district = new Laptop('the district’s laptop');
const files = mkdtempSync(join(tmpdir(), 'nyetaa-e2e-files-'));
let awa;
let coach;
let broken;

/** One step of the journey; the following ones stand on it. */
function test(name, walk) {
  plainTest(name, async () => {
    if (broken) throw new Error(`not reached: « ${broken} » failed`);
    broken = name;
    try {
      await walk();
    } catch (failure) {
      await Promise.all([awa && clinic.picture('failed-clinic'), coach && district.picture('failed-district')]);
      for (const page of [awa, coach]) console.error((await page?.faults()) ?? '');
      throw failure;
    }
    broken = undefined;
  });
}

after(async () => {
  await Promise.all([clinic.dispose(), district.dispose(), server.dispose()]);
  rmSync(files, { recursive: true, force: true });
});

test('1. first start: language, place, name and role', async () => {
  awa = await clinic.open();
  await awa.says(fr('start-title'));
  assert.equal(await awa.count('radio', 'Français'), 1);
  assert.ok(await (await awa.find('radio', 'Français')).isSelected(), 'French is preselected');
  await work.begin(awa, fr, { letters: 'selingue', place: 'Sélingué', added: CENTRE, name: 'Awa Traoré', role: 'lead' });
  await awa.says(CENTRE);
  await clinic.picture('journey-1-begun');
});

test('2. a cycle from a template: problem, aim, team, measures, ideas', async () => {
  await work.startCycle(awa, fr, { area: 'mnch', template: 'Quatre CPN avant l’accouchement' });
  await awa.fill(fr('field-title'), CYCLE);
  await awa.fill(fr('field-problem'), 'Une femme sur trois accouche ici avec moins de quatre CPN.');
  await work.writeAim(awa, fr, {
    who: 'les femmes qui accouchent à Carrière',
    what: 'ont au moins quatre CPN',
    from: '60',
    to: '80',
    by: '30/06/2027',
  });
  await awa.says(fr('aim-complete'));
  await awa.press('link', fr('tool-team'));
  await awa.add(fr('team-add'), 'Moussa Keïta');
  await awa.press('button', fr('close'));
  await awa.says('Moussa Keïta');
  await awa.press('link', fr('tool-measures'));
  await awa.pick(fr('measures-add'), 'partogramme', 'Partogramme correctement rempli');
  await awa.press('link', fr('tools-back'));
  await awa.add(fr('ideas-add'), 'Une affiche au marché');
  await awa.says('Une affiche au marché');
  await clinic.picture('journey-2-cycle');
});

test('3. twelve months from the register by keyboard, then a file', async () => {
  await work.takeUpFigures(awa, fr, REGISTER);
  await awa.says(fr('verdict-no-sign'));
  await clinic.picture('journey-3-grid');

  const wrong = join(files, 'avec des erreurs.csv');
  writeFileSync(wrong, 'Indicateur;Période;Numérateur;Dénominateur\nMNCH-02;2025-02;12;trente\nMNCH-99;2025-03;11;28\n', 'latin1');
  await work.chooseFile(awa, fr, wrong);
  await awa.says('trente');
  await awa.says('MNCH-99');
  assert.equal(await awa.count('button', /enregistrer/iu), 0, 'nothing is imported');
  await clinic.picture('journey-3-import-errors');

  const rows = monthsBefore(24).slice(0, 12).map((month, i) => `MNCH-02;${month};${12 + (i % 3)};${29 + (i % 2)}`);
  const right = join(files, 'registre 2025.csv');
  writeFileSync(right, ['Indicateur;Période;Numérateur;Dénominateur', ...rows, ''].join('\r\n'), 'latin1');
  await work.chooseFile(awa, fr, right);
  await awa.press('button', fr('import-apply', { count: 12 }));
  await awa.says(fr('import-saved', { count: 12 }));
});

test('4. the run chart: points, median, goal and one sentence in words', async () => {
  await work.openCycle(awa, fr, CYCLE);
  const since = new Intl.DateTimeFormat('fr-FR', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const shift = { length: 12, periods: 'mois', since: since.format(new Date(`${monthsBefore(12)[0]}-01`)), line: fr('chart-line-median') };
  await awa.says(fr('verdict-above', shift));
  await awa.says(fr('verdict-better'));
  assert.equal(await awa.count('option', /./u), 24, 'every month is a point that can be read');
  await clinic.picture('journey-4-chart');
});

test('5. a trial with its prediction and decision, and a lesson', async () => {
  await work.writeTrial(awa, fr, {
    title: TRIAL,
    prediction: 'Huit couples sur dix reviendront à la date donnée.',
    who: 'Awa Traoré',
    starts: '03/11/2026',
    happened: 'Dix couples reçus au marché ; deux sont partis avant la fin.',
    seen: ['8', '10'],
    comparison: 'as-predicted',
    learned: 'Le jour du marché convient aux hommes.',
    decision: 'adopt',
  });
  await work.writeLesson(awa, fr, { title: 'Parler aux deux', what: 'Recevoir le couple ensemble le jour du marché.' });
  await awa.says('Parler aux deux');
  await clinic.picture('journey-5-lesson');
});

test('6. without a network everything is kept; the panel says what waits', async () => {
  await work.openSync(awa);
  await awa.says(fr('state-not-enrolled'));
  await server.serve();
  const code = await server.invite({ place: 'Sélingué', facility: CENTRE, role: 'lead' });
  await server.stop();
  await awa.fill(fr('enrol-server'), server.address);
  await awa.fill(fr('enrol-code'), code);
  await awa.press('button', fr('enrol-act'));
  await awa.find('alert', /./u);
  await clinic.picture('journey-6-no-network');

  await server.serve();
  await awa.press('button', fr('enrol-act'));
  await awa.find('button', fr('sync-now'));
  await work.sync(awa, fr);
  await clinic.picture('journey-6-up-to-date');
});

test('6. a second laptop for the district sees the cycle, its chart and its trial', async () => {
  coach = await district.open();
  await work.begin(coach, fr, { letters: 'selingue', place: 'Sélingué', name: 'Dr Oumou Diallo', role: 'coach' });
  const code = await server.invite({ place: 'Sélingué', role: 'coach' });
  await work.enrol(coach, fr, { server: server.address, code });
  await work.sync(coach, fr);
  await work.openCycle(coach, fr, CYCLE);
  await coach.says(fr('verdict-better'));
  await coach.says('Awa Traoré');
  await work.goToStep(coach, fr, 'try');
  await coach.says(TRIAL);
  await work.comment(coach, fr, COMMENT);
  await work.changeFirstFigure(coach, fr, { to: 17, why: 'Une ligne du registre comptée deux fois' });
  await work.sync(coach, fr);
  await district.picture('journey-6-district');
});

test('6. the first laptop gets the comment and the correction', async () => {
  await work.sync(awa, fr);
  await work.openCycle(awa, fr, CYCLE);
  await work.goToStep(awa, fr, 'try');
  await awa.says(COMMENT);
  await awa.says('Dr Oumou Diallo');
  await work.openGrid(awa, fr);
  await awa.keys(['Control', 'Home']);
  await awa.says(fr('cell-corrected', { author: 'Dr Oumou Diallo' }));
  await clinic.picture('journey-6-corrected');
});

test('6. where both changed the same figure, both stand side by side with their authors', async () => {
  await work.changeFirstFigure(coach, fr, { to: 16, why: 'Recompté avec le chef de poste' });
  await work.changeFirstFigure(awa, fr, { to: 15 });
  await work.sync(coach, fr);
  await work.sync(awa, fr);
  await awa.says(fr('sync-review', { count: 1 }));
  await awa.press('link', fr('sync-review-act'));
  for (const said of ['Dr Oumou Diallo', 'Awa Traoré', '16', '15', 'Recompté avec le chef de poste']) await awa.says(said);
  await clinic.picture('journey-6-two-values');
  await awa.press('button', fr('conflict-choose', { value: fr('review-out-of', { n: 16, d: REGISTER[0][1] }) }));
  await awa.says(fr('review-none'));
  await work.sync(awa, fr);
  await work.sync(coach, fr);
  await coach.says(fr('sync-all-sent'));
  assert.ok((await server.check()).ok, 'the server finds everything in order');
});

test('7. the whole interface in English at once', async () => {
  await work.openCycle(awa, fr, CYCLE);
  await awa.press('button', 'English');
  await awa.find('link', en('rail-improve'));
  await awa.says(en('verdict-better'));
  await clinic.picture('journey-7-english');
  assert.deepEqual(await awa.faults(), [], 'nothing was blocked or thrown in the clinic’s window');
  assert.deepEqual(await coach.faults(), [], 'nor in the district’s');
});

/** The complete months before this one, oldest first, as `2026-10`. */
function monthsBefore(count) {
  const now = new Date();
  return Array.from({ length: count }, (_, i) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + i, 1));
    return month.toISOString().slice(0, 7);
  });
}
