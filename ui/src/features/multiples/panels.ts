import type { ChartView } from "../../bindings/ChartView";
import type { Indicator } from "../../bindings/Indicator";
import type { PlaceSummary } from "../../bindings/PlaceSummary";
import { ownScale, scaleOf } from "../../parts/small";

/** One small chart, ready to be drawn. */
export interface Drawn {
  place: PlaceSummary;
  measure: Indicator;
  view: ChartView;
  scale: readonly [number, number];
}

/**
 * Gives each chart its scale. Together, charts of one unit share one, since only those can be compared by eye; apart,
 * each has its own.
 */
export function withScales(panels: readonly Omit<Drawn, "scale">[], together: boolean): Drawn[] {
  const unitOf = ({ measure }: Omit<Drawn, "scale">) => `${measure.unit.en} ${measure.multiplier}`;
  const shared = new Map<string, readonly [number, number]>();
  for (const unit of new Set(panels.map(unitOf))) {
    const views = panels.filter((panel) => unitOf(panel) === unit).map(({ view }) => view);
    shared.set(unit, scaleOf(views, unit.startsWith("%")));
  }
  return panels.map((panel) => ({
    ...panel,
    scale: (together ? shared.get(unitOf(panel)) : undefined) ?? ownScale(panel.view),
  }));
}
