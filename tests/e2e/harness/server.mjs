// A sync server with a data folder of its own, as an operator runs it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { serverProgram } from './places.mjs';
import { end, start, until } from './processes.mjs';

const run = promisify(execFile);

export class Server {
  #process;
  #data = mkdtempSync(join(tmpdir(), 'nyetaa-e2e-server-'));

  /** Serves on a free port; on the same one again after `stop`. */
  async serve() {
    const listen = this.address ? new URL(this.address).host : '127.0.0.1:0';
    this.#process = start(serverProgram, ['serve', '--data', this.#data, '--listen', listen]);
    this.address = await until('the server listening', () => /^listening on (\S+)/m.exec(this.#process.said)?.[1]);
    return this;
  }

  /** An invitation's code. `facility` is left out for a whole district. */
  async invite({ place, facility, role }) {
    const named = facility ? ['--facility', facility] : [];
    const words = ['invite', '--data', this.#data, '--place', place, ...named, '--role', role];
    const { stdout } = await run(serverProgram, words);
    return stdout.trim();
  }

  /** What the server finds when it examines itself. */
  async check() {
    const { stdout } = await run(serverProgram, ['check', '--data', this.#data]);
    return JSON.parse(stdout);
  }

  /** The network, or the server, is gone. */
  async stop() {
    if (this.#process) await end(this.#process);
    this.#process = undefined;
  }

  async dispose() {
    await this.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
