import type { Kind } from "./Kind";
import type { OpenValue } from "./OpenValue";

export type OpenField = { kind: Kind; record: string; field: string; label: string; values: OpenValue[] };
