import type { Difference } from "../../bindings/Difference";
import { t, tNumber } from "../../lib/i18n.svelte";

export interface Said {
  shape: "better" | "worse" | null;
  lead: string | null;
  text: string;
}

/** What two spans say together, in one sentence; `unit` is that of the measure. */
export function said(difference: Difference, unit: string): Said {
  const plain = (text: string): Said => ({ shape: null, lead: null, text });
  switch (difference.kind) {
    case "not_judged":
      return plain(t("verdict-not-judged"));
    case "too_few":
      return plain(t("compare-too-few", { need: difference.need }));
    case "moving":
      return plain(
        t(
          difference.before && difference.after
            ? "compare-moving-both"
            : difference.before
              ? "compare-moving-before"
              : "compare-moving-after",
        ),
      );
    case "told": {
      const { by, lower, upper, meaning } = difference;
      const ends = { by: size(by, unit), lower: size(lower, unit), upper: size(upper, unit) };
      if (lower <= 0 && upper >= 0)
        return plain(t(by < 0 ? "compare-chance-less" : "compare-chance-more", ends));
      const shape = meaning === "neutral" ? null : meaning;
      const lead = shape === null ? null : t(shape === "better" ? "verdict-better" : "verdict-worse");
      return { shape, lead, text: t(by < 0 ? "compare-less" : "compare-more", ends) };
    }
  }
}

/** How large a difference is; whichever way it goes is said in words. */
function size(value: number, unit: string): string {
  const number = tNumber(Math.abs(value), 1);
  const count = Math.round(Math.abs(value) * 10) / 10;
  return unit === "%" ? t("compare-points", { number, count }) : t("compare-unit", { number, unit });
}
