import type { TodayKind } from "./TodayKind";
import type { Screen } from "./Screen";

export type TodayItem = { kind: TodayKind; params: { [key in string]?: string }; minutes: number; screen: Screen; id: string|null; tab: string|null };
