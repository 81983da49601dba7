import type { PlaceSummary } from "./PlaceSummary";
import type { GridRow } from "./GridRow";

export type Grid = { place: PlaceSummary; months: string[]; rows: GridRow[]; filled: number; expected: number; writable: boolean };
