
export type Level = "country" | "region" | "district" | "facility" | "village" | "site";
