// A supervisor visits two centres a day without a network. In the middle of a form the battery is pulled; what was answered is
// there again. The feedback sheet stays at the centre as a PDF, and after an exchange the centre reads scores and actions.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test as plainTest } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { plain } from './harness/page.mjs';
import { Server } from './harness/server.mjs';
import { words } from './harness/words.mjs';
import * as work from './harness/work.mjs';

const fr = words('fr');

const FIRST = 'CSCom de Carrière';
const SECOND = 'CSCom de Kangaré';
const RECOMMENDED = 'Afficher la conduite à tenir en salle';

const server = new Server();
const clinic = new Laptop('Awa’s laptop');
const other = new Laptop('Fanta’s laptop, of another centre');
const district = new Laptop('the supervisor’s laptop');

after(async () => {
  await Promise.all([clinic, other, district].map((laptop) => laptop.dispose()));
  await server.dispose();
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

let awa, coach;

test('two centres and their supervisor are known to the server', async () => {
  await server.serve();
  awa = await clinic.open();
  await work.begin(awa, fr, { letters: 'selingue', place: 'Sélingué', added: FIRST, name: 'Awa Traoré', role: 'lead' });
  await enrol(awa, { facility: FIRST, role: 'lead' });
  const fanta = await other.open();
  await work.begin(fanta, fr, { letters: 'selingue', place: 'Sélingué', added: SECOND, name: 'Fanta Sidibé', role: 'lead' });
  await enrol(fanta, { facility: SECOND, role: 'lead' });
  await other.close();
  coach = await district.open();
  await work.begin(coach, fr, { letters: 'selingue', place: 'Sélingué', name: 'Dr Oumou Diallo', role: 'coach' });
  await enrol(coach, { role: 'coach' });
  await work.sync(coach, fr);
});

test('without a network a visit is answered by keys, and a critical no asks for a recommendation', async () => {
  await server.stop();
  await beginVisit(FIRST);
  await district.picture('visit-1-question');
  await answerUntilCritical();
  await coach.keys('2');
  await coach.says(fr('visit-critical-no'));
  await coach.fill(fr('action-what'), RECOMMENDED);
  await coach.fill(fr('action-who'), 'DTC');
  await coach.fill(fr('action-when'), '30/12/2027');
  await coach.fill(fr('action-means'), 'une feuille et un cadre');
  await coach.press('button', fr('action-add'));
  await coach.says(fr('visit-recommendations', { count: 1 }));
  await district.picture('visit-2-recommended');
});

test('the battery is pulled in the middle of the form: every answer is there again', async () => {
  const before = await answered();
  assert.ok(before > 0);
  await district.kill();
  coach = await district.open();
  await work.comeIn(coach, fr);
  await coach.says(fr('today-visit-under-way', { place: FIRST }));
  await coach.press('link', fr('today-visit-under-way-act'));
  await coach.says(fr('visit-recommendations', { count: 1 }));
  assert.equal(await answered(), before, 'no answer that was shown as saved is lost');
  await coach.keys('1');
  await coach.says(fr('visit-of', { done: before + 1, count: 32 }));
});

test('it is signed, and its feedback sheet stays as a PDF', async () => {
  await finish();
  await district.picture('visit-3-result');
  await coach.press('button', fr('paper-pdf'));
  const told = plain(fr('picture-saved', { path: '…' })).split('…')[0];
  await coach.says(told);
  const path = (await coach.text()).split(told)[1].split('.pdf')[0];
  const text = plain(execFileSync('pdftotext', [`${path}.pdf`, '-']).toString());
  for (const said of [fr('feedback-title'), FIRST, RECOMMENDED, 'Awa Traoré', fr('feedback-critical')]) {
    assert.ok(text.includes(plain(said)), `${said} stands in the sheet:\n${text}`);
  }
});

test('the second centre is entered from paper, by the codes of the rows', async () => {
  await work.goTo(coach, fr, 'supervision');
  await beginVisit(SECOND);
  await coach.press('button', fr('visit-by-code'));
  for (const [code, said] of [['dia1', '1'], ['dia-02', '1'], ['MAL-DIA-03', '3']]) {
    await coach.type(fr('supervision-code'), code);
    await coach.keys('Enter');
    await coach.write(said);
    await coach.keys('Enter');
    await coach.says(fr(said === '3' ? 'visit-na' : 'visit-yes'));
  }
  await district.picture('visit-4-by-code');
  await coach.press('button', fr('code-close'));
  await coach.says(fr('visit-of', { done: 3, count: 32 }));
  await finish();
});

test('after the exchange the centre reads its score and its action', async () => {
  await server.serve();
  await work.sync(coach, fr);
  await work.sync(awa, fr);
  await work.goTo(awa, fr, 'supervision');
  await awa.press('link', /^visite du /u);
  await awa.says(fr('feedback-scores'));
  await awa.says(RECOMMENDED);
  await clinic.picture('visit-5-at-the-centre');
  await awa.press('link', RECOMMENDED);
  assert.equal(await (await awa.find('textbox', fr('action-means'))).getValue(), 'une feuille et un cadre');
  for (const page of [awa, coach]) assert.deepEqual(await page.faults(), [], `nothing was blocked or thrown: ${page.laptop}`);
});

async function beginVisit(place) {
  await work.goTo(coach, fr, 'supervision');
  await coach.says(fr('visit-why-never'));
  await coach.press('link', `${fr('visit-choose')} ${place}`);
  await coach.choose('Paludisme');
  await coach.press('button', fr('visit-begin'));
  await coach.focusIn('#question');
}

/** Answers with yes, and figures with 3, until a critical question stands there. */
async function answerUntilCritical() {
  for (let at = 0; at < 32 && !(await critical()); at += 1) {
    const before = await answered();
    const figure = await coach.browser.execute(() => document.querySelector('#question input#answer') !== null);
    await coach.write(figure ? '3' : '1');
    if (figure) await coach.keys('Enter');
    await coach.says(fr('visit-of', { done: before + 1, count: 32 }));
    await coach.focusIn('#question');
  }
  assert.ok(await critical(), 'a critical question comes');
}

const critical = () => coach.browser.execute(() => document.querySelector('#question .crit') !== null);

/** How many questions the foot of the visit says are answered. */
async function answered() {
  const [done] = fr('visit-of', { done: '(\\d+)', count: 32 }).match(/.*/u);
  const found = await coach.browser.execute(() => document.querySelector('footer .score')?.textContent ?? '');
  return Number(new RegExp(plain(done), 'u').exec(plain(found))?.[1] ?? -1);
}

async function finish() {
  await coach.press('link', fr('visit-finish'));
  await coach.fill(fr('visit-sign-centre'), 'Awa Traoré');
  await coach.press('button', fr('visit-close-now'));
  await coach.says(fr('visit-answers'));
}

async function enrol(page, { facility, role }) {
  const code = await server.invite({ place: 'Sélingué', facility, role });
  await work.enrol(page, fr, { server: server.address, code });
  await work.sync(page, fr);
}
