import type { TodayItem } from "./TodayItem";

export type Today = { items: TodayItem[] };
