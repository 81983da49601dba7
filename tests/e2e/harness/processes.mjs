// Every process the tests start is remembered here and ended by its own number, whatever happens.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const started = new Set();

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(130));
}
process.on('exit', () => {
  for (const child of started) endTree(child.pid, 'SIGKILL');
});

/** Starts a program; its output is kept in `child.said`, to be shown when something goes wrong. */
export function start(program, args, { env = {}, stdio } = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
  });
  child.said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (child.said += text));
  }
  child.on('error', (error) => (child.said += `${program}: ${error.message}\n`));
  // "exit", not "close": a web process that outlives its window for a moment would hold the pipes open.
  child.ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', () => resolve('not started'));
  });
  child.ended.then(() => started.delete(child));
  started.add(child);
  return child;
}

/** Ends a process and everything below it, then waits until it is gone. */
export async function end(child, signal = 'SIGTERM') {
  endTree(child.pid, signal);
  const gone = await Promise.race([child.ended.then(() => true), pause(5000, false)]);
  if (!gone) endTree(child.pid, 'SIGKILL');
  await child.ended;
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** The processes below `pid`, nearest first. */
export function below(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
  return [...children, ...children.flatMap(below)];
}

/** The program of a process as the kernel names it (15 characters at most). */
export function programOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Asks again until `question` answers with something, or fails with what was being waited for. */
export async function until(what, question, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  let failure;
  do {
    try {
      const answer = await question();
      if (answer) return answer;
    } catch (error) {
      failure = error;
    }
    await pause(50);
  } while (Date.now() < deadline);
  throw new Error(`${seconds} s went by without: ${what}${failure ? ` (${failure.message})` : ''}`);
}

/** A port of the loopback address that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function endTree(pid, signal) {
  if (pid === undefined) return;
  for (const each of [...below(pid).reverse(), pid]) {
    try {
      process.kill(each, signal);
    } catch {
      // Already gone.
    }
  }
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // "pid (program) state parent": a program's name may hold spaces, so read after its closing bracket.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
