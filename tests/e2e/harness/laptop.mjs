// A laptop: a data folder of its own and the real window on it, driven by WebKitWebDriver.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remote } from 'webdriverio';

import { screen } from './display.mjs';
import { desktop, shots } from './places.mjs';
import { below, end, freePort, programOf, start, until } from './processes.mjs';
import { Page } from './page.mjs';

/** The environment of every window: French needs a UTF-8 locale, else WebKitGTK reports the language "C". */
export async function windowEnvironment(home) {
  return { DISPLAY: await screen(), LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8', NYETAA_HOME: home, XDG_CONFIG_HOME: configOf(home) };
}

/** Where this laptop's login keeps its settings, and the secret that codes are mixed with. */
const configOf = (home) => `${home}.config`;

export class Laptop {
  #driver;
  #browser;

  /** @param name what the laptop is called in failures; `home` may be handed over from another laptop object. */
  constructor(name, home = mkdtempSync(join(tmpdir(), 'nyetaa-e2e-'))) {
    this.name = name;
    this.home = home;
  }

  /** Opens the window and gives its page. */
  async open() {
    const env = { ...(await windowEnvironment(this.home)), TAURI_WEBVIEW_AUTOMATION: 'true' };
    const port = await freePort();
    this.#driver = start('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], { env });
    await until('the driver of the window', () => fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok));
    try {
      this.#browser = await remote({
        hostname: '127.0.0.1',
        port,
        logLevel: 'silent',
        connectionRetryCount: 0,
        connectionRetryTimeout: 60_000,
        capabilities: {
          browserName: 'wry',
          'webkitgtk:browserOptions': { binary: desktop, args: [] },
          'wdio:enforceWebDriverClassic': true,
        },
      });
    } catch (error) {
      const said = this.#driver.said;
      await this.#stopDriver();
      throw new Error(`the window of ${this.name} did not open: ${error.message}\n${said}`);
    }
    this.page = new Page(this.#browser, this.name);
    await this.page.watchFaults();
    return this.page;
  }

  /** What the window logged so far. */
  get log() {
    return this.#driver.said;
  }

  /** The process number of the window. */
  get windowPid() {
    return below(this.#driver.pid).find((pid) => programOf(pid) === 'nyetaa-desktop');
  }

  /** Closes the window as a person would. */
  async close() {
    const window = this.#driver && this.windowPid;
    await this.#browser?.deleteSession().catch(() => {});
    this.#browser = undefined;
    if (window) await until('the window being gone', () => programOf(window) !== 'nyetaa-desktop', 5).catch(() => {});
    await this.#stopDriver();
  }

  /** The battery is pulled: the window's process dies at once, with no word to anyone. */
  async kill() {
    process.kill(this.windowPid, 'SIGKILL');
    this.#browser = undefined;
    await this.#stopDriver();
  }

  /** Ends whatever still runs and removes the data folder. */
  async dispose() {
    await this.close();
    for (const folder of [this.home, configOf(this.home)]) rmSync(folder, { recursive: true, force: true });
  }

  /** Keeps a picture of the page as `shots/NAME.png`. */
  async picture(name) {
    mkdirSync(shots, { recursive: true });
    await this.#browser.saveScreenshot(join(shots, `${name}.png`));
  }

  async #stopDriver() {
    if (this.#driver) await end(this.#driver, 'SIGKILL');
    this.#driver = undefined;
  }
}
