import type { GridRow } from "../../bindings/GridRow";
import type { Question } from "../../bindings/Question";
import { spanOf } from "../../lib/format";
import { t, tl, tMonthName, tNumber, tOutOf, tPeriods } from "../../lib/i18n.svelte";

/** A question put to the person who typed, in words; what stands before the line is what was typed. */
export function questionSentence(
  question: Question,
  period: string,
  row: GridRow,
): { typed: string; asked: string } {
  const month = tMonthName(period);
  const span = spanOf(period);
  const words = (part: "numerator" | "denominator") =>
    tl(
      part === "denominator" && row.indicator.denominator
        ? row.indicator.denominator
        : row.indicator.numerator,
    );
  switch (question.kind) {
    case "numerator_above_denominator":
      return {
        typed: t("question-typed", { value: tOutOf(question.numerator, question.denominator), month, span }),
        asked: t("question-numerator-above-denominator"),
      };
    case "not_whole":
      return {
        typed: t("question-typed", { value: tNumber(question.value), month, span }),
        asked: t("question-not-whole", { words: words(question.part) }),
      };
    case "jump": {
      const params = {
        month: tMonthName(question.last_period),
        last: tOutOf(question.last_numerator, question.last_denominator),
        span,
      };
      return {
        typed: t("question-typed", { value: tOutOf(question.numerator, question.denominator), month, span }),
        asked: question.above ? t("question-jump-above", params) : t("question-jump-below", params),
      };
    }
    case "unusual_size":
      return {
        typed: t("question-typed", { value: tNumber(question.value), month, span }),
        asked: t("question-unusual-size", {
          words: words(question.part),
          smallest: tNumber(question.smallest),
          largest: tNumber(question.largest),
          months: question.months,
          periods: tPeriods(period, question.months),
        }),
      };
    case "parts_differ":
      return {
        typed: t("question-typed", { value: tNumber(question.whole), month, span }),
        asked: t("question-parts-differ", {
          parts: tNumber(question.parts),
          words: words(question.part),
        }),
      };
    case "missing":
      return {
        typed: t("question-missing-period", { month }),
        asked: t("question-missing", {
          before: tMonthName(question.before),
          after: tMonthName(question.after),
        }),
      };
    case "zero_after_activity":
      return {
        typed: t("question-typed", { value: tNumber(0), month, span }),
        asked: t("question-zero-after-activity", {
          words: words(question.part),
          total: tNumber(question.total),
          months: question.months,
          periods: tPeriods(period, question.months),
        }),
      };
  }
}
