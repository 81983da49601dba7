// The window against those who would use it: commands that nobody listed, ways out to the network, what the web view keeps, and
// texts that are made to be run, in every field of every screen.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';

import { Laptop } from './harness/laptop.mjs';
import { root } from './harness/places.mjs';
import { words } from './harness/words.mjs';
import { beginCarriere } from './harness/work.mjs';

const payloads = JSON.parse(readFileSync(join(root, 'tests/fixtures/scripts/payloads.json'), 'utf8'));
/** The first of the list go into every field; all of them do at the model, in `tests/bad_input/scripts.rs`. */
/** A picture of 24 by 16 pixels. */
const PHOTO = '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAFRABAQAAAAAAAAAAAAAAAAAAABP/xAAVAQEBAAAAAAAAAAAAAAAAAAAABf/EABYRAAMAAAAAAAAAAAAAAAAAAAAVYf/aAAwDAQACEQMRAD8AxqFEtCigthUYUqoJaAtgYU//2Q==';
const inTheWindow = payloads.slice(0, 40);

/** What a person reads of a text: the signs that turn the direction are left out. */
const shown = (text) => text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '');

/** Asks the app as the page does; a refusal comes back as `{ refused }`. */
const asks = (page, command, payload) =>
  page.browser.executeAsync(
    (name, asked, done) =>
      window.__TAURI_INTERNALS__.invoke(name, asked).then(
        (answer) => done({ answer }),
        (refused) => done({ refused: refused?.code ?? String(refused) }),
      ),
    command,
    payload,
  );

/** A command of the app that must be carried out. */
async function does(page, name, payload) {
  const said = await asks(page, 'call', { name, payload });
  assert.equal(said.refused, undefined, `${name} ${JSON.stringify(payload).slice(0, 200)}`);
  return said.answer;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : statSync(path).isFile() ? [path] : [];
  });
}

test('only the one command that was listed is carried out', async (t) => {
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const page = await laptop.open();
  await page.find('button', words('fr')('start-begin'));

  const unlisted = [
    ['app', {}], ['open', { path: '/' }], ['Call', { name: 'start_state', payload: {} }], ['plugin:app|version', {}],
    ['plugin:event|emit', { event: 'changed', payload: [] }], ['plugin:event|emit_to', { target: { kind: 'Any' }, event: 'changed' }],
    ['plugin:window|close', { label: 'main' }], ['plugin:window|create', { options: { label: 'other', url: 'https://example.org' } }],
    ['plugin:webview|create_webview_window', { options: { label: 'other', url: 'https://example.org' } }],
    ['plugin:webview|internal_toggle_devtools', {}], ['plugin:fs|read_text_file', { path: '/etc/passwd' }], ['plugin:shell|open', { path: '/' }],
    ['plugin:http|fetch', {}], ['plugin:dialog|open', {}], ['plugin:path|resolve_directory', { directory: 1 }], ['plugin:menu|new', {}],
    ['plugin:tray|new', {}], ['plugin:image|from_path', { path: '/etc/passwd' }], ['plugin:resources|close', { rid: 1 }], ['plugin:clipboard-manager|read_text', {}],
  ];
  for (const [command, payload] of unlisted) {
    const said = await asks(page, command, payload);
    assert.notEqual(said.refused, undefined, `${command} answered ${JSON.stringify(said.answer)}`);
  }
  for (const name of ['no_such_command', '__proto__', '../start_state', 'begin;lock', '']) {
    const said = await asks(page, 'call', { name, payload: {} });
    assert.equal(said.refused, 'command-unknown', name);
  }
  assert.equal((await asks(page, 'call', { name: 'start_state', payload: {} })).refused, undefined, 'the listed one answers');
  assert.equal((await asks(page, 'call', { name: 'start_state', payload: { more: 1 } })).refused, 'request-invalid');
});

test('nothing on the page reaches the network, and no other page opens', async (t) => {
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const at = `127.0.0.1:${server.address().port}`;
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const page = await laptop.open();
  await page.find('button', words('fr')('start-begin'));
  const before = await page.browser.execute(() => location.href);

  const refused = await page.browser.executeAsync((where, done) => {
    const http = `http://${where}/`;
    const put = (name, attributes) => {
      const element = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      document.body.append(element);
      return element;
    };
    const ways = {
      fetch: () => fetch(http),
      fetchWithoutCors: () => fetch(http, { mode: 'no-cors' }),
      xhr: () => new Promise((yes, no) => {
        const request = new XMLHttpRequest();
        request.onload = yes;
        request.onerror = no;
        request.open('GET', http);
        request.send();
      }),
      socket: () => new Promise((yes, no) => {
        const socket = new WebSocket(`ws://${where}/`);
        socket.onopen = yes;
        socket.onerror = no;
      }),
      events: () => new Promise((yes, no) => {
        const source = new EventSource(http);
        source.onopen = yes;
        source.onerror = no;
      }),
      image: () => new Promise((yes, no) => Object.assign(new Image(), { onload: yes, onerror: no, src: `${http}x.png` })),
      beacon: () => (navigator.sendBeacon(http, 'x') ? pending() : Promise.reject(new Error('no beacon'))),
      worker: () => new Promise((yes, no) => Object.assign(new Worker(`${http}x.js`), { onmessage: yes, onerror: no })),
      module: () => import(`${http}x.mjs`),
      script: () => put('script', { src: `${http}x.js` }),
      style: () => put('link', { rel: 'stylesheet', href: `${http}x.css` }),
      prefetch: () => ['prefetch', 'preload', 'dns-prefetch', 'preconnect'].forEach((rel) => put('link', { rel, href: http, as: 'image' })),
      frame: () => put('iframe', { src: http }),
      object: () => put('object', { data: http }),
      embed: () => put('embed', { src: http }),
      video: () => put('video', { src: http, autoplay: '' }),
      font: () => new FontFace('x', `url(${http}x.woff)`).load(),
      background: () => put('p', { style: `background: url(${http}x.png)` }),
      form: () => put('form', { action: http, method: 'post' }).submit(),
      window: () => window.open(http, '_blank'),
      link: () => put('a', { href: http }).click(),
      blank: () => put('a', { href: http, target: '_blank' }).click(),
      rtc: async () => {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${where}` }] });
        peer.createDataChannel('x');
        await peer.setLocalDescription(await peer.createOffer());
      },
      address: () => location.assign(http),
    };
    const pending = () => new Promise(() => {});
    const came = {};
    const each = Object.entries(ways).map(async ([name, go]) => {
      try {
        came[name] = 'began';
        await go();
        came[name] = 'ended';
      } catch (error) {
        came[name] = `refused: ${error?.name ?? 'event'}`;
      }
    });
    Promise.race([Promise.allSettled(each), new Promise((late) => setTimeout(late, 3000))]).then(() => done(came));
  }, at);
  await pause(1000);
  assert.equal(reached, 0, `somebody was reached: ${JSON.stringify(refused)}`);
  assert.equal(Object.keys(refused).length, 24);
  for (const way of ['fetch', 'xhr', 'socket', 'image']) assert.match(refused[way], /^refused/u, way);
  assert.equal(await page.browser.execute(() => location.href), before, 'the page is the same');
  const windows = await page.browser.getWindowHandles();
  assert.equal(windows.length, 1, 'no second window');

  // What is listened to would have been heard.
  await fetch(`http://${at}/`).catch(() => {});
  assert.equal(reached, 1);
});

test('the web view keeps nothing of what was typed', async (t) => {
  const say = words('fr');
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const page = await laptop.open();
  await beginCarriere(page, say);
  await page.fill(say('field-cause'), 'canariDansLaVitre');
  await page.find('link', say('rail-improve'));
  const kept = await page.browser.executeAsync((done) => {
    const tell = async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: 'databases' in indexedDB ? (await indexedDB.databases()).map(({ name }) => name) : [],
      caches: 'caches' in window ? await caches.keys().catch(() => []) : [],
      workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations().catch(() => [])).length : 0,
    });
    tell().then(done, (error) => done({ error: String(error) }));
  });
  assert.deepEqual(kept, { local: 0, session: 0, cookies: '', databases: [], caches: [], workers: 0 });

  const typedTexts = ['canariDansLaVitre', 'CSCom de Carrière', 'Awa Traoré', 'Quatre CPN à Carrière'];
  const stands = () => {
    const places = [laptop.home, `${laptop.home}.config`];
    const files = places.flatMap(filesBelow);
    return typedTexts.flatMap((text) =>
      files
        .filter((file) => {
          const bytes = readFileSync(file);
          return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'));
        })
        .map((file) => `${text} in ${file}`),
    );
  };
  assert.deepEqual(stands(), [], 'while it is open');
  for (const text of typedTexts) assert.equal(laptop.log.includes(text), false, `${text} was logged`);
  const inView = filesBelow(join(laptop.home, 'webview')).length;
  await laptop.kill();
  assert.deepEqual(stands(), [], 'after a kill');
  t.diagnostic(`${inView} files of the web view were read through`);
});

test('texts that are made to be run are shown as texts on every screen', { timeout: 600_000 }, async (t) => {
  const say = words('fr');
  const laptop = new Laptop('the laptop');
  t.after(() => laptop.dispose());
  const page = await laptop.open();
  await beginCarriere(page, say);

  const all = inTheWindow.join('  ');
  const state = await does(page, 'start_state', {});
  const place = state.place.id;
  const [cycle] = await does(page, 'cycles', { place: null });
  const fill = (kind) => textFields(kind).map((field) => ({ field, value: all, seen: null }));
  await does(page, 'save_cycle', { id: cycle.id, edits: fill('cycle').map((edit) => ({ ...edit, seen: null })), reason: all });
  const made = {};
  for (const [kind, command] of [['team_member', 'save_member'], ['idea', 'save_idea'], ['trial', 'save_trial'], ['lesson', 'save_lesson']]) {
    const edits = fill(kind);
    made[kind] = (await does(page, command, { id: null, cycle: cycle.id, edits, reason: all })).id;
  }
  const photo = { cycle: cycle.id, trial: made.trial, observation: null, image: PHOTO, caption: all, reason: all };
  await does(page, 'add_photo', photo);
  await does(page, 'save_comment', { id: null, about: cycle.id, text: all, seen: null });
  await does(page, 'save_comment', { id: null, about: made.trial, text: all, seen: null });
  let named = 0;
  for (const name of inTheWindow.filter((text) => text.length <= 200)) {
    const made = await asks(page, 'call', { name: 'add_place', payload: { name, level: 'village', parent: place } });
    // Two that differ by signs alone have the same name.
    if (made.refused) assert.equal(made.refused, 'place-exists', name);
    else named += 1;
  }
  const person = inTheWindow[6];
  const added = await asks(page, 'call', { name: 'add_account', payload: { person: null, name: person, role: 'member', pin: '739164' } });
  assert.equal(added.refused, undefined, JSON.stringify(added));
  const explained = { typed: all, seen: null };
  const typed = (text) => ({ typed: text, seen: null });
  const [measure] = (await does(page, 'grid', { place, until: '2026-03', months: 1 })).rows;
  await does(page, 'save_cells', {
    place, reason: all,
    cells: [{ indicator: measure.indicator.code, period: '2026-03', numerator: typed('3'), denominator: typed('4'), no_data: null, explanation: explained }],
  });

  await page.browser.execute(() => {
    for (const way of ['alert', 'confirm', 'prompt', 'print', 'open']) window[way] = () => void (window.__pwned = way);
  });
  const screens = [
    ['today'], ['improve'], ['improve', 'new'],
    ...['understand', 'try', 'decide', 'history', 'timeline'].map((step) => ['improve', cycle.id, step]),
    ...['ramp', 'progress'].map((tool) => ['improve', cycle.id, 'tools', tool]),
    ['measure'], ['measure', 'import'], ['share'], ['pauses'], ['templates'], ['supervision'], ['removed'], ['place'], ['handover'], ['audit'],
    ['sync'], ['sync', 'review'], ['sync', 'stick'], ['sync', 'log'], ['sync', 'devices'], ['sync', 'demand'], ['help'], ['about'],
  ];
  let seen = 0;
  for (const screen of screens) {
    await page.browser.execute((hash) => (location.hash = hash), `#/${screen.join('/')}`);
    await pause(700);
    // Whatever can be unfolded is.
    await page.browser.execute(() => document.querySelectorAll('details:not([open]) > summary').forEach((one) => one.click()));
    await pause(200);
    const found = await page.browser.execute((wanted) => {
      const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
      const said = [document.body.textContent, ...fields].join('\n');
      const foreign = [...document.querySelectorAll('script, iframe, object, embed, base, marquee, math, frameset, [srcdoc], form[action^="javascript"], a[href^="javascript" i], link[href*="example.org"]')];
      const handlers = [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on')));
      return {
        pwned: window.__pwned ?? null,
        foreign: foreign.filter((one) => !(one.matches('script') && one.src.startsWith(location.origin))).map((one) => one.outerHTML.slice(0, 100)),
        handlers: handlers.map((one) => one.outerHTML.slice(0, 100)),
        bad: /[\u202a-\u202e\u2066-\u2069]/u.test(said),
        seen: wanted.filter((text) => said.includes(text.trim())).length,
      };
    }, inTheWindow.map(shown));
    assert.deepEqual({ ...found, seen: 0 }, { pwned: null, foreign: [], handlers: [], bad: false, seen: 0 }, screen.join('/'));
    seen += found.seen;
    t.diagnostic(`${screen.join('/')}: ${found.seen} of ${inTheWindow.length} stand there as text`);
    if (['place', 'audit'].includes(screen[0]) || screen[2] === 'understand') await laptop.picture(`scripts-${screen[0]}-${screen[2] ?? ''}`);
  }
  assert.ok(seen > 200, `${seen} texts were seen`);
  assert.ok(named > 20, `${named} places were named so`);
  assert.deepEqual(await page.faults(), [], 'nothing had even to be blocked');
});

/** The free texts of a kind of record, from the list of every field ever released: a new one comes in by itself. */
function textFields(kind) {
  const ofAList = new Set(['level', 'code', 'role', 'template', 'area', 'status', 'indicator', 'period', 'stratum', 'source', 'no_data', 'scale', 'comparison', 'decision', 'sex', 'extent', 'strength', 'state']);
  const lines = readFileSync(join(root, 'crates/domain/registry.lock'), 'utf8').split('\n');
  const fields = lines.map((line) => /^\S+ (\w+)\.(\w+) Text$/u.exec(line)).filter((found) => found?.[1] === kind);
  const names = fields.map((found) => found[2]).filter((name) => !ofAList.has(name));
  assert.ok(names.length > 0, kind);
  return names;
}
