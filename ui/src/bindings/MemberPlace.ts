import type { PlaceSummary } from "./PlaceSummary";

export type MemberPlace = { place: PlaceSummary; cycles: number; last_month: string|null; open_conflicts: number };
