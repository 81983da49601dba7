// Finds things on the page as a person or a screen reader does: by what they are and what they are called.
import { use } from './keyboard.mjs';
import { until } from './processes.mjs';

const SECONDS = 20;

export class Page {
  /** Without a mouse: each thing is come to and used by keys. */
  byKeyboard = false;

  constructor(browser, laptop) {
    this.browser = browser;
    this.laptop = laptop;
  }

  /** The visible element with this role whose name is, or matches, `name`; waits for it. */
  async find(role, name, within) {
    const said = name instanceof RegExp ? name : JSON.stringify(name);
    try {
      return await until(`${role} ${said}`, () => this.see(role, name, within), SECONDS);
    } catch (error) {
      const text = await this.text().catch(() => '(the page does not answer)');
      throw new Error(`${this.laptop}: ${error.message}\nThe page says:\n${text}`);
    }
  }

  /** The same, but without waiting: `undefined` when it is not there. */
  async see(role, name, within) {
    const pattern = name instanceof RegExp ? { source: name.source, flags: name.flags } : { exactly: plain(name) };
    const found = await this.browser.execute(findInPage, role, pattern, within ?? null);
    return found ? this.browser.$(found) : undefined;
  }

  /** How many visible elements have this role and name. */
  async count(role, name) {
    const pattern = name instanceof RegExp ? { source: name.source, flags: name.flags } : { exactly: plain(name) };
    return this.browser.execute(findInPage, role, pattern, null, true);
  }

  async press(role, name, within) {
    const touch = () => this.#touch(() => this.find(role, name, within));
    const thing = await touch();
    // A tab that was moved away under the click is clicked again, as people do.
    if (role === 'tab')
      await until(`the tab ${name} being open`, async () => {
        if ((await thing.getAttribute('aria-selected')) === 'true') return true;
        await touch();
        return false;
      }, SECONDS);
    return thing;
  }

  /** Types a text in the place of what stands in a field, then goes on to the next one. */
  async fill(name, text) {
    const field = await this.type(name, text);
    await this.keys('Tab');
    return field;
  }

  /** The same, but the hands stay in the field. */
  async type(name, text) {
    const field = await this.#touch(() => this.find('textbox', name));
    await this.keys(['Control', 'a']);
    await this.#enter(field, text);
    return field;
  }

  /** Types into the field of a list to which one adds, and adds it. */
  async add(name, text) {
    const field = await this.#touch(() => this.find('textbox', name));
    await this.#enter(field, text);
    await this.keys('Enter');
    await until(`${JSON.stringify(text)} being added`, async () => (await field.getValue()) === '');
  }

  /** Scrolls to a thing and clicks it, again when what was saved meanwhile has moved it away; by keys where there is no mouse. */
  async #touch(find) {
    let element = await find();
    await until(this.byKeyboard ? 'a key leading to a thing' : 'a thing holding still to be clicked', async () => {
      if (!(await element.isExisting())) element = await find();
      if (this.byKeyboard) {
        await use(this.browser, element);
      } else {
        await this.browser.execute((thing) => thing.scrollIntoView({ block: 'center' }), element);
        await element.click();
      }
      return true;
    }, this.byKeyboard ? SECONDS : 5);
    return element;
  }

  /** Types a text into the field that the hands are on. */
  async #enter(field, text) {
    if (this.byKeyboard) await this.write(text);
    else await field.addValue(text);
  }

  /** Picks one of a few choices that are all on the page; its hint need not be said. */
  async choose(option) {
    await this.press('choice', startingWith(option));
  }

  /** Types a few letters into a list's field, then picks what it offers. */
  async pick(name, letters, option) {
    const field = await this.#touch(() => this.find('combobox', name));
    await this.keys(['Control', 'a']);
    await this.#enter(field, letters);
    await this.press('option', startingWith(option));
  }

  /** Presses one key where the focus is, `Enter`, or several together, `['Control', 'k']`. */
  async keys(keys) {
    await this.browser.keys(keys);
  }

  /** Waits until the hands are on a thing: the focus is inside it. */
  async focusIn(selector) {
    const inside = (place) => document.querySelector(place)?.contains(document.activeElement) ?? false;
    await until(`the focus being in ${selector}`, () => this.browser.execute(inside, selector), SECONDS);
  }

  /** Types a text where the focus is, one key after the other: WebDriver would hold all of them down together. */
  async write(text) {
    for (const letter of String(text)) await this.browser.keys(letter);
  }

  /** Waits until the page says this. */
  async says(what) {
    const heard = (text) => (what instanceof RegExp ? what.test(text) : text.includes(plain(what)));
    try {
      await until(`the page saying ${what}`, async () => heard(await this.text()), SECONDS);
    } catch (error) {
      throw new Error(`${this.laptop}: ${error.message}\nThe page says:\n${await this.text()}`);
    }
  }

  /** What the content security policy blocked and what was thrown since the page opened. */
  async faults() {
    return this.browser.execute(() => window.faultsSeen ?? ['faults were not watched']);
  }

  /** Begins to watch for faults; the page must not have been reloaded since. */
  async watchFaults() {
    await this.browser.execute(() => {
      const seen = (window.faultsSeen = []);
      addEventListener('securitypolicyviolation', (event) => seen.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
      addEventListener('error', (event) => seen.push(String(event.message)));
      addEventListener('unhandledrejection', (event) => seen.push(String(event.reason)));
    });
  }

  /** The words on the page, every kind of space as one plain space. */
  async text() {
    return plain(await this.browser.execute(() => document.body.innerText));
  }
}

/** A pattern for names that go on with a hint or a path. */
export function startingWith(text) {
  return new RegExp(`^${plain(text).replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}`, 'u');
}

/** French puts narrow and no-break spaces; tests are written with the space bar. */
export function plain(text) {
  return text.replace(/[\s\u00a0\u202f]+/gu, ' ').trim();
}

// Runs inside the page, so it can use nothing from this file.
function findInPage(role, pattern, within, counting = false) {
  const implied = {
    button: 'button, summary, input[type=submit], input[type=button]',
    link: 'a[href]',
    textbox:
      'textarea, input:not([type]), input[type=text], input[type=password], input[type=search], input[type=date], input[type=month], input[type=number], input[type=url], input[type=email], [contenteditable=true]',
    combobox: 'select, input[list]',
    choice: 'fieldset label',
    checkbox: 'input[type=checkbox]',
    radio: 'input[type=radio]',
    heading: 'h1, h2, h3, h4, h5, h6',
    img: 'img, svg[aria-label]',
    row: 'tr',
    gridcell: 'td',
    listitem: 'li',
    option: 'option',
    group: 'fieldset, details',
    region: 'section[aria-label], section[aria-labelledby]',
    dialog: 'dialog',
    text: '*',
  };
  const plain = (text) => (text ?? '').replace(/[\s\u00a0\u202f]+/gu, ' ').trim();
  const byId = (ids) => ids.split(/\s+/).map((id) => plain(document.getElementById(id)?.innerText)).join(' ');
  const nameOf = (element) => {
    if (element.hasAttribute('aria-label')) return plain(element.getAttribute('aria-label'));
    if (element.hasAttribute('aria-labelledby')) return byId(element.getAttribute('aria-labelledby'));
    if (element.labels?.length) {
      return plain([...element.labels].map((label) => {
        const copy = label.cloneNode(true);
        copy.querySelectorAll('input, select, textarea, option').forEach((field) => field.remove());
        return copy.textContent;
      }).join(' '));
    }
    if (element.matches('input, select, textarea')) return plain(element.title || element.placeholder || element.value);
    return plain(element.innerText ?? element.textContent) || plain(element.getAttribute('title'));
  };
  const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
  const matches = pattern.source
    ? ((wanted) => (name) => wanted.test(name))(new RegExp(pattern.source, pattern.flags))
    : (name) => name === pattern.exactly;
  const place = within ? document.querySelector(within) : document;
  const candidates = [...(place?.querySelectorAll(`[role=${role}]${implied[role] ? `, ${implied[role]}` : ''}`) ?? [])]
    .filter((element) => !element.hasAttribute('role') || element.getAttribute('role') === role || role === 'text');
  const found = candidates.filter((element) => visible(element) && matches(nameOf(element)));
  if (counting) return found.length;
  // Of nested ones the innermost: a row's name contains its button's.
  return found.find((element) => !found.some((other) => other !== element && element.contains(other))) ?? null;
}
