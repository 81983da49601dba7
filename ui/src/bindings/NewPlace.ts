
export type NewPlace = { name: string; level: string; parent: string };
