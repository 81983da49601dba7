import type { Extent } from "../bindings/Extent";
import type { Stratum } from "../bindings/Stratum";
import type { Kind } from "../bindings/Kind";
import { language, t, tDay, tMonth, tNumber } from "./i18n.svelte";

/** What a field holds, as far as it matters for showing and typing it. */
export type FieldForm = "text" | "number" | "day" | "month" | "word" | "mark";

const NUMBERS: ReadonlySet<string> = new Set([
  "numerator",
  "denominator",
  "goal",
  "aim_from",
  "aim_to",
  "seen_n",
  "seen_d",
  "position",
  "effort",
  "effect",
  "votes",
  "population",
  "size",
  "months",
  "score",
]);
const DAYS: ReadonlySet<string> = new Set([
  "aim_by",
  "opened",
  "since",
  "until",
  "starts",
  "ends",
  "decided",
  "day",
  "due",
  "done",
  "started",
  "planned",
  "begun",
  "closed",
  "fed_back",
]);

/** The sorts of evidence; any other sort is one of events. */
const EVIDENCE: ReadonlySet<string> = new Set([
  "signal",
  "event",
  "comment",
  "action",
  "trial",
  "observation",
  "remark",
  "finding",
]);

/** Where a count comes from. */
const SOURCES: ReadonlySet<string> = new Set(["register", "dhis2", "recount", "community"]);

/** How large a trial can be, the smallest first. */
export const EXTENTS: readonly Extent[] = [
  "one_person",
  "one_shift",
  "one_day",
  "one_week",
  "one_month",
  "whole_service",
  "whole_centre",
  "several_places",
];

/** The words that a field chooses from, in the order in which they are offered. */
const CHOICES: Partial<Record<string, readonly string[]>> = {
  no_data: ["register_missing", "stock_out", "strike", "closed", "other"],
  comparison: ["as_predicted", "better", "worse", "different"],
  decision: ["adopt", "adapt", "abandon"],
  status: ["open", "closed"],
  category: ["people", "methods", "supplies", "surroundings", "measuring", "community"],
  standing: ["suspected", "verified", "ruled_out"],
  sex: ["f", "m"],
  extent: EXTENTS,
  strength: ["impression", "trial", "trials", "sign", "places"],
  holding: ["holds", "slips"],
  mark: ["real", "simulated"],
};

export function formOf(field: string): FieldForm {
  if (NUMBERS.has(field)) return "number";
  if (DAYS.has(field)) return "day";
  if (field === "period") return "month";
  if (field === "deleted") return "mark";
  return CHOICES[field] ? "word" : "text";
}

/** The stored words that a field chooses from; none for a field that is written freely. */
export function choicesOf(field: string): readonly string[] {
  return CHOICES[field] ?? [];
}

/** A stored value as people say it: reasons, decisions, days, numbers; nothing for an emptied one. */
export function wordOf(field: string, text: string): string {
  if (text === "") return t("conflict-empty");
  const word = text.replaceAll("_", "-");
  switch (field) {
    case "no_data":
      return choicesOf(field).includes(text) ? t(`nodata-${word}`) : text;
    case "comparison":
      return t(`comparison-${word}`);
    case "category":
      return t(`category-${word}`);
    case "standing":
      return t(`standing-${word}`);
    case "extent":
      return choicesOf(field).includes(text) ? t(`extent-${word}`) : text;
    case "sex":
      return t(`sex-${word}`);
    case "strength":
      return t(`strength-${word}`);
    case "state":
      return t(`lesson-state-${word}`);
    case "mark":
      return t(`visit-mark-${word}`);
    case "visitor_drawn":
    case "received_drawn":
      return t("value-drawn");
    case "holding":
      return t(`holding-${word}`);
    case "decision":
      return t(`decision-${word}`);
    case "status":
      return word === "open" ? t("improve-open") : t("improve-closed");
    case "deleted":
      return text === "true" || text === "1" ? t("value-removed") : t("value-kept");
    case "level":
      return ["facility", "asaco", "commune", "district", "region"].includes(text)
        ? t(`action-level-${word}`)
        : text;
    case "sort":
      return t(EVIDENCE.has(text) ? `evidence-${word}` : `event-${word}`);
    case "chart":
      // A decision keeps the whole chart that it was taken by.
      return text.startsWith("{") ? "…" : t(`chart-kind-${text}`);
    case "source":
      return SOURCES.has(text) ? t(`source-${text}`) : text;
    case "rules":
      return t(`rules-${text}`);
    case "area":
      return t(`area-${word}`);
    case "role":
    case "post":
      return ["member", "lead", "coach", "region", "nation", "administrator", "partner"].includes(text)
        ? t(`role-${word}`)
        : text;
    default:
      break;
  }
  if (NUMBERS.has(field) && /^-?\d+(\.\d+)?$/u.test(text)) return tNumber(Number(text), 6);
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return tDay(text);
  if (/^\d{4}-(\d{2}|W\d{2}|Q\d)$/u.test(text)) return tMonth(text);
  return text;
}

/** Whether a value names another record: nobody can read that. */
export const isIdentifier = (text: string): boolean => /^[\da-f]{32}$/u.test(text);

/** A field's name in a sentence: « objectif, date ». */
export const fieldName = (field: string): string =>
  /^\d+$/u.test(field) ? t("history-newer-field") : t(`field-${field.replaceAll("_", "-")}-name`);

/** A kind's name in a sentence: « essai ». */
export const kindName = (kind: Kind): string => t(`kind-${kind.replaceAll("_", "-")}`);

/** The text with a capital, at the head of a row. */
export function headed(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
}

/** What people call a record: its label; an event without words by its sort and days, a meeting by its day, anything else by its kind. */
export function recordName(kind: Kind, label: string): string {
  const event = /^([a-z_]+) (\d{4}-\d{2}-\d{2})(?: (\d{4}-\d{2}-\d{2}))?$/u.exec(label);
  if (kind === "event" && event) {
    const [, sort = "", starts = "", ends = starts] = event;
    const word = t(`event-${sort.replaceAll("_", "-")}`);
    return starts === ends
      ? t("event-on", { word, day: tDay(starts) })
      : t("event-between", { word, from: tDay(starts), to: tDay(ends) });
  }
  if (kind === "pause" && /^\d{4}-Q\d$/u.test(label)) return t("pause-of", { quarter: tMonth(label) });
  if (kind === "visit" && /^\d{4}-\d{2}-\d{2}$/u.test(label)) return t("visit-row", { day: tDay(label) });
  if (kind === "meeting" && /^\d{4}-\d{2}-\d{2}$/u.test(label)) return tDay(label);
  return label || headed(kindName(kind));
}

/** The name of a part: a village's own, or the word for a sex or an age group. */
export function partName(stratum: Stratum): string {
  const part = stratum.key.slice(stratum.key.indexOf(":") + 1);
  return stratum.name ?? (stratum.by === "sex" ? t(`stratum-sex-${part}`) : t(`stratum-age-${part}`));
}
