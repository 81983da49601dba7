import type { OpenField } from "./OpenField";
import type { Role } from "./Role";

export type RecordMeta = { id: string; seen: { [key in string]?: string }; open: OpenField[]; author: string; author_role: Role|null; created: string; deleted: boolean };
