import type { OpenField } from "../bindings/OpenField";
import type { RecordMeta } from "../bindings/RecordMeta";

/** The version of a field on the screen, and the values standing beside one another, if there are several. */
export function versionOf(
  meta: RecordMeta,
  field: string,
): { seen: string | null; open: OpenField | undefined } {
  return { seen: meta.seen[field] ?? null, open: meta.open.find((open) => open.field === field) };
}

/** A typed number as the app takes it: decimal comma or point, spaces between thousands; empty is nothing. */
export function typedNumber(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/gu, "").replace(",", ".");
  return plain === "" ? null : Number(plain);
}

/** An empty text is no text. */
export function typedText(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

/** How many months a chart judges: the same everywhere, so that one measure never has two verdicts. */
export const CHART_MONTHS = 24;

/** What a chart is made of besides its figures: what people decided about it, and what happened. */
export const CHART_TOPICS = [
  "chart_phase",
  "chart_freeze",
  "excluded_point",
  "chart_setting",
  "chart_goal",
  "event",
  "variant",
] as const;
