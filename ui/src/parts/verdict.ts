import type { ChartView } from "../bindings/ChartView";
import type { Direction } from "../bindings/Direction";
import type { NoGoal } from "../bindings/NoGoal";
import { t, tMonth, tPeriods } from "../lib/i18n.svelte";
import { ofMedian } from "./chartwords";

export interface Spoken {
  shape: "better" | "worse" | null;
  /** The word in bold before the sentence. */
  lead: string | null;
  text: string;
}

/** The verdict as one sentence. It is computed by the app; only the words are ours. */
export function spoken(view: ChartView, direction: Direction, noGoal: NoGoal | null = null): Spoken {
  if (!view.judged)
    return {
      shape: null,
      lead: null,
      text: t(noGoal === "surveillance" ? "verdict-surveillance" : "verdict-not-judged"),
    };
  const { verdict, meaning } = view;
  const shape = meaning === "neutral" ? null : meaning;
  const between = view.drawn === "cases" || view.drawn === "days";
  const periods = (count: number) =>
    between ? t("periods-interval", { count }) : tPeriods(view.points[0]?.label ?? "", count);
  const line = t(ofMedian(view) ? "chart-line-median" : "chart-line-mean");
  const lead =
    shape === "better" ? t("verdict-better") : shape === "worse" ? t("verdict-worse") : t("verdict-changed");
  // More complications written down may be more complications found: then they stand closer together.
  const found = (above: boolean) =>
    direction === "down" && above !== between && (between || view.drawn === "value")
      ? ` ${t("verdict-better-found")}`
      : "";
  switch (verdict.kind) {
    case "too_early":
      return {
        shape: null,
        lead: null,
        text: t("verdict-too-early", {
          have: verdict.have,
          need: verdict.need,
          periods: periods(verdict.have),
        }),
      };
    case "no_sign":
      return { shape: null, lead: null, text: t("verdict-no-sign") };
    case "few_crossings": {
      const { crossings, needed } = verdict;
      return {
        shape,
        lead: t("verdict-changed"),
        text: t("verdict-few-crossings", { crossings, needed, line }),
      };
    }
    case "outside": {
      const params = {
        count: verdict.count,
        last: tMonth(verdict.last),
        periods: periods(verdict.count),
      };
      const text = verdict.above ? t("verdict-outside-above", params) : t("verdict-outside-below", params);
      return { shape, lead, text: text + found(verdict.above) };
    }
    case "trend": {
      const params = {
        length: verdict.length,
        since: tMonth(verdict.since),
        periods: periods(verdict.length),
      };
      const way = verdict.above
        ? t(verdict.ongoing ? "verdict-rising" : "verdict-was-rising", params)
        : t(verdict.ongoing ? "verdict-falling" : "verdict-was-falling", params);
      return { shape, lead, text: way + found(verdict.above) };
    }
    case "pattern": {
      const rule = verdict.rule.replaceAll("_", "-");
      const text =
        verdict.last === ""
          ? t(`verdict-pattern-${rule}`)
          : t(`verdict-pattern-${rule}`, { last: tMonth(verdict.last) });
      return { shape, lead, text: text + found(verdict.above === true) };
    }
    case "shift": {
      const params = {
        length: verdict.length,
        since: tMonth(verdict.since),
        line,
        periods: periods(verdict.length),
      };
      const side = verdict.above
        ? verdict.ongoing
          ? t("verdict-above", params)
          : t("verdict-was-above", params)
        : verdict.ongoing
          ? t("verdict-below", params)
          : t("verdict-was-below", params);
      return { shape, lead, text: side + found(verdict.above) };
    }
  }
}
