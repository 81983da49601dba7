import type { Role } from "./Role";

export type CellHistory = { at: string; author: string; role: Role|null; field: string; text: string; kind: string; reason: string|null };
