// What people do with the app, in their own terms. Each takes a page and the words of its language.

/** The code of everyone in these tests. */
export const PIN = '482913';

/** First start: place, name, role and code. `added` is a centre that is not in the tree yet. */
export async function begin(page, t, { letters, place, added, name, role }) {
  await page.press('button', t('start-begin'));
  await page.pick(t('start-place'), letters, place);
  if (added) {
    await page.press('button', t('start-add-place'));
    await page.fill(t('start-added-name', { place }), added);
  }
  await page.fill(t('start-name'), name);
  const post = t(`role-${role}`);
  await page.choose(post[0].toUpperCase() + post.slice(1));
  await page.fill(t('accounts-pin-once'), PIN);
  await page.fill(t('accounts-pin-twice'), PIN);
  await page.press('button', t('start-done'));
  await page.find('link', t('rail-improve'));
}

/** Comes in with the code, on a laptop where one person works. */
export async function comeIn(page, t, pin = PIN) {
  await page.type(t('accounts-pin'), pin);
  await page.keys('Enter');
  await page.find('link', t('rail-improve'));
}

/** Goes to one of the sections of the rail: `today`, `improve`, `measure`, `share`, `place`. */
export async function goTo(page, t, section) {
  const label = section === 'place' ? new RegExp(`^(${t('rail-centre')}|${t('rail-district')})$`, 'u') : t(`rail-${section}`);
  await page.press('link', label, 'aside');
}

/** Starts an improvement cycle from a template. */
export async function startCycle(page, t, { area, template }) {
  await goTo(page, t, 'improve');
  await page.press('link', t('improve-new'));
  await page.choose(t(`area-${area}`));
  await page.choose(template);
  await page.press('button', t('new-begin'));
  await page.find('textbox', t('field-title'));
}

/** Begins as the lead of a village centre, with a cycle that has a title. */
export async function beginCarriere(page, t) {
  await begin(page, t, {
    letters: 'selingue',
    place: 'Sélingué',
    added: 'CSCom de Carrière',
    name: 'Awa Traoré',
    role: 'lead',
  });
  await startCycle(page, t, { area: 'mnch', template: 'Quatre CPN avant l’accouchement' });
  await page.fill(t('field-title'), 'Quatre CPN à Carrière');
}

/** Opens that cycle. */
export async function openCarriere(page, t) {
  await goTo(page, t, 'improve');
  await page.press('link', t('improve-open-cycle', { title: 'Quatre CPN à Carrière' }));
}

/** Goes to a step of the open cycle: `understand`, `try`, `decide`. */
export async function goToStep(page, t, step) {
  await page.press('link', new RegExp(t(`step-${step}`), 'u'), 'nav.steps');
}

/** Writes the aim of the open cycle. */
export async function writeAim(page, t, { who, what, from, to, by, unit = '%' }) {
  await page.fill(t('field-aim-who'), who);
  await page.fill(t('field-aim-what'), what);
  await page.fill(t('field-aim-from', { unit }), from);
  await page.fill(t('field-aim-to', { unit }), to);
  await page.fill(t('field-aim-by'), by);
}

/** Plans a trial, does it, studies it and decides. */
export async function writeTrial(page, t, trial) {
  await goToStep(page, t, 'try');
  await page.add(t('try-add'), trial.title);
  await walkThroughTrial(page, t, trial);
}

/** The same with the trial that is open. */
export async function walkThroughTrial(page, t, trial) {
  await page.fill(t('field-prediction'), trial.prediction);
  await page.fill(t('field-who'), trial.who);
  await page.fill(t('field-starts'), trial.starts);
  await page.press('tab', t('step-do'));
  await page.fill(t('field-happened'), trial.happened);
  await page.press('tab', t('step-study'));
  await page.says(trial.prediction);
  await page.fill(t('field-seen-n'), trial.seen[0]);
  await page.fill(t('field-seen-d'), trial.seen[1]);
  await page.choose(t(`comparison-${trial.comparison}`));
  await page.fill(t('field-learned'), trial.learned);
  await page.press('tab', t('step-act'));
  await page.choose(t(`decision-${trial.decision}`));
  await page.says(t('trial-decided', { day: '…' }).split('…')[0]);
}

/** Writes a lesson of the open cycle. */
export async function writeLesson(page, t, { title, what }) {
  await goToStep(page, t, 'decide');
  await page.add(t('lessons-write'), title);
  await page.fill(t('field-lesson-what'), what);
  await page.press('button', t('close'));
  await page.says(what);
}

/** Fills the first measure of the grid, month by month, from the keyboard alone. */
export async function takeUpFigures(page, t, pairs) {
  await goTo(page, t, 'measure');
  await page.press('button', t('ask-take-up-act', { count: 12, span: 'month' }));
  for (const [numerator, denominator] of pairs) {
    await page.write(numerator);
    await page.keys('Enter');
    await page.write(denominator);
    await page.keys('ArrowRight');
    await page.keys('ArrowUp');
  }
}

/** Opens the grid of the months; it takes the focus by itself. */
export async function openGrid(page, t) {
  await goTo(page, t, 'today');
  await goTo(page, t, 'measure');
  await page.focusIn('[role=grid]');
}

/** Replaces the figure in the first line and the first month of the grid; a coach says why. */
export async function changeFirstFigure(page, t, { to, why }) {
  await openGrid(page, t);
  await page.keys(['Control', 'Home']);
  await page.write(to);
  await page.keys('Enter');
  if (why) {
    await page.type(t('ask-why', { count: 1 }), why);
    await page.press('button', t('ask-why-save'));
  }
  await page.says(new RegExp(t('saved-at', { time: '…' }).split('…')[0], 'u'));
}

/** Imports a file of figures: shows what is in it, then what `then` says. */
export async function chooseFile(page, t, file) {
  await goTo(page, t, 'measure');
  await page.press('button', t('measure-tools'));
  await page.press('menuitem', t('measure-import'));
  await page.find('heading', t('import-title'));
  const input = await page.browser.$('input[type=file]');
  await input.addValue(file);
}

/** Opens the sync panel from the foot of the rail. */
export async function openSync(page) {
  const foot = await page.browser.$('aside.rail .foot a');
  await foot.click();
}

/** Enrols the laptop with a server's address and an invitation's code, then syncs for the first time. */
export async function enrol(page, t, { server, code }) {
  await openSync(page);
  await page.fill(t('enrol-server'), server);
  await page.fill(t('enrol-code'), code);
  await page.press('button', t('enrol-act'));
  await page.find('button', t('sync-now'));
}

/** Sends and receives; waits until the panel says that all is sent. */
export async function sync(page, t) {
  await openSync(page);
  await page.press('button', t('sync-now'));
  await page.find('heading', t('state-up-to-date'));
}

/** Opens a cycle by its title from the list. */
export async function openCycle(page, t, title) {
  await goTo(page, t, 'improve');
  await page.press('link', t('improve-open-cycle', { title }));
  await page.find('link', new RegExp(t('step-understand'), 'u'), 'nav.steps');
}

/** Says something about the record in hand. */
export async function comment(page, t, text) {
  await page.type(t('comments-add'), text);
  await page.press('button', t('comments-add-button'));
  await page.says(text);
}

/** Opens the page of sticks on a folder that stands for one. */
async function openStick(page, t, folder) {
  await openSync(page);
  await page.press('link', t('sync-stick'));
  await page.choose(t('stick-other'));
  await page.fill(t('stick-path'), folder);
}

/** Copies what others may lack onto a stick; waits until it may be removed. */
export async function putOnStick(page, t, folder) {
  await openStick(page, t, folder);
  await page.press('button', t('stick-send-act'));
  await page.says(t('stick-remove'));
}

/** Takes what is new from a stick, after trusting whoever is not known yet when `trust` is set. */
export async function takeFromStick(page, t, folder, { trust = false } = {}) {
  await openStick(page, t, folder);
  if (trust) await page.press('button', t('stick-trust-yes'));
  const take = await page.find('button', t('stick-receive-act'));
  await take.waitForEnabled();
  await page.press('button', t('stick-receive-act'));
  await page.says(t('stick-remove'));
}
