
export type PlaceSummary = { id: string; name: string; level: string; path: string; code: string|null };
