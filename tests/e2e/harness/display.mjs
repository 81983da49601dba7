// The screen the windows appear on: the one there is, or a virtual one of the field's size.
import { start, until } from './processes.mjs';

let display;

/** The name of the display, started on first use when the machine has none. */
export async function screen() {
  display ??= process.env.DISPLAY ?? (await virtual());
  return display;
}

async function virtual() {
  const x = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1366x768x24', '-nolisten', 'tcp']);
  const number = await until('a virtual display', () => /^(\d+)\n/m.exec(x.said)?.[1]);
  // It stays until the tests end, and must not keep them from ending.
  for (const held of [x, x.stdout, x.stderr]) held.unref();
  return `:${number}`;
}
