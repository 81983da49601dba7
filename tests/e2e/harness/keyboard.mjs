// Hands without a mouse: comes to a thing by the tabulator and the arrows, as the page itself offers it, and uses it.

const FARTHEST = 250;

/** Puts the focus on a thing by keys alone; fails when no key leads there. */
export async function reach(browser, element) {
  for (let step = 0; step < FARTHEST; step += 1) {
    const key = await browser.execute(keyTowards, element);
    if (key === null) return;
    await browser.keys(key);
  }
  const name = await element.getText().catch(() => '');
  throw new Error(`no key leads to ${JSON.stringify(name)}`);
}

/** Comes to a thing and uses it: a link or a button by Enter, a choice by the space bar, an option of an open list by the arrows. */
export async function use(browser, element) {
  if (await browser.execute((thing) => thing.matches('[role=option]'), element)) {
    for (let step = 0; step < FARTHEST; step += 1) {
      if (await browser.execute((thing) => thing.matches('[data-highlighted], [aria-selected=true]'), element)) break;
      await browser.keys('ArrowDown');
    }
    return browser.keys('Enter');
  }
  await reach(browser, element);
  const key = await browser.execute(keyThatUses, element);
  if (key !== null) await browser.keys(key);
}

// Runs inside the page. The key that leads from where the focus is towards a thing; null when it is there.
function keyTowards(thing) {
  const target = thing.matches('label') ? thing.control : thing;
  const here = document.activeElement;
  if (here === target || (here !== document.body && target.contains(here))) return null;
  if (target.matches('input[type=radio]') && here?.matches('input[type=radio]') && here.name === target.name) return 'ArrowDown';
  const row = target.closest('[role=tablist], [role=tree]');
  if (target.matches('[role=tab]') && row?.contains(here)) return 'ArrowRight';
  if (target.matches('[role=treeitem]') && row?.contains(here)) return 'PageDown';
  return 'Tab';
}

// Runs inside the page. The key that uses the thing which has the focus; null for what is only typed into.
function keyThatUses(thing) {
  const target = thing.matches('label') ? thing.control : thing;
  if (target.matches('input[type=radio], input[type=checkbox]')) return target.checked && target.type === 'radio' ? null : ' ';
  if (target.matches('a, button, summary, [role=tab]')) return 'Enter';
  return null;
}
