import type { ChartMark } from "../bindings/ChartMark";
import type { ChartView } from "../bindings/ChartView";
import type { Indicator } from "../bindings/Indicator";
import type { Rule } from "../bindings/Rule";
import { t, tl, tMonth } from "../lib/i18n.svelte";

/** What a flag says: a trial by its title, an event by what it was and what was said of it. */
export function markLabel({ kind, sort, label }: Pick<ChartMark, "kind" | "sort" | "label">): string {
  if (kind === "chart_phase") return t("chart-phase-mark", { reason: label });
  if (sort === null) return label;
  if (sort === "other" && label !== "") return label;
  const word = t(`event-${sort.replaceAll("_", "-")}`);
  return label === "" ? word : t("event-named", { word, label });
}

/** What a rule says of a point, as a sentence of its own. */
export const ruleName = (rule: Rule): string => t(`rule-${rule.replaceAll("_", "-")}`);

/** The unit of what is drawn; none where cases are counted. */
export function unitOf({ drawn }: Pick<ChartView, "drawn">, indicator: Indicator): string {
  if (drawn === "cases") return "";
  return drawn === "days" ? t("chart-unit-days") : tl(indicator.unit);
}

/** What the points are, where they are not the measure's own values. */
export function drawnWords({ drawn }: Pick<ChartView, "drawn">, indicator: Indicator): string | null {
  if (drawn === "value") return null;
  return t(`chart-drawn-${drawn}`, { cases: tl(indicator.denominator ?? indicator.numerator) });
}

/** Whether the line in the middle is the median; else it is the mean. */
export const ofMedian = ({ chart }: Pick<ChartView, "chart">): boolean => chart === "run" || chart === "g";

/** How the chart was made: its kind, its rules by name and date, what they were computed from. */
export function methodOf(view: ChartView): string {
  const rules = t(`rules-${view.rules}`);
  const excluded = view.points.filter((point) => point.excluded).length;
  return [
    view.chart === "run"
      ? t("chart-rule", { rules })
      : t("chart-rule-limits", { chart: t(`chart-kind-${view.chart}`), rules }),
    ...(view.phases.length > 1 ? [t("chart-method-phases", { count: view.phases.length })] : []),
    ...(view.frozen === null ? [] : [t("chart-method-frozen", { month: tMonth(view.frozen) })]),
    ...(excluded > 0 ? [t("chart-method-excluded", { count: excluded })] : []),
  ].join(" ");
}
