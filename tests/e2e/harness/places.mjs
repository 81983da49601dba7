// Where things lie.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const shots = fileURLToPath(new URL('../shots/', import.meta.url));

const built = process.env.NYETAA_BUILT ?? join(root, 'target', 'debug');
export const desktop = join(built, 'nyetaa-desktop');
export const serverProgram = join(built, 'nyetaa-server');
export const headless = join(built, 'nyetaa');
