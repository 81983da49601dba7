
export type CycleStatus = "open" | "closed";
