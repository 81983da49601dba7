import type { PlaceSummary } from "./PlaceSummary";
import type { Indicator } from "./Indicator";
import type { ChartView } from "./ChartView";
import type { ChartMark } from "./ChartMark";

export type Chart = { place: PlaceSummary; indicator: Indicator; view: ChartView; marks: ChartMark[] };
