import type { Language } from "../bindings/Language";
import { fold } from "./fold";

/** A day as the app writes it, `2026-11-22`, from what a person typed; null when it is not one. */
export function parseDay(text: string, today: string): string | null {
  const trimmed = fold(text.trim());
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(trimmed);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = trimmed.split(/[\s/.,-]+/u).filter((part) => part !== "" && part !== "le" && part !== "of");
  if (parts.length < 2 || parts.length > 3) return null;
  const [first = "", second = "", third] = parts;
  const dayFirst = /^\d{1,2}(er|st|nd|rd|th)?$/u.test(first);
  const dayOfMonth = Number.parseInt(dayFirst ? first : second, 10);
  const month = monthNumber(dayFirst ? second : first);
  if (month === null || Number.isNaN(dayOfMonth)) return null;
  return day(yearOf(third, month, dayOfMonth, today), month, dayOfMonth);
}

/** A year left out is the one that brings the day nearest. */
function yearOf(typed: string | undefined, month: number, dayOfMonth: number, today: string): number {
  if (typed !== undefined) {
    const year = Number(typed);
    return typed.length <= 2 ? 2000 + year : year;
  }
  const thisYear = Number(today.slice(0, 4));
  const away = (year: number) => Math.abs(Date.UTC(year, month - 1, dayOfMonth) - Date.parse(today));
  return [thisYear, thisYear + 1, thisYear - 1].reduce((best, year) =>
    away(year) < away(best) ? year : best,
  );
}

const STEMS: readonly (readonly string[])[] = [
  ["jan"],
  ["fev", "feb"],
  ["mar"],
  ["avr", "apr"],
  ["mai", "may"],
  ["juin", "jun"],
  ["juil", "jul"],
  ["aou", "aug"],
  ["sep"],
  ["oct"],
  ["nov"],
  ["dec"],
];

function monthNumber(text: string): number | null {
  if (/^\d{1,2}$/u.test(text)) return Number(text);
  // « juil » before « jui » of « juin » would be ambiguous at three letters, so the stems decide.
  const index = STEMS.findIndex((stems) => stems.some((stem) => text.startsWith(stem)));
  return index < 0 ? null : index + 1;
}

function day(year: number, month: number, dayOfMonth: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const real =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return real && year >= 1900 && year <= 2200 ? date.toISOString().slice(0, 10) : null;
}

/** A day as it is typed: `30/09/2026`. The same in both languages, since both put the day first here. */
export function typedDay(iso: string | null): string {
  const parts = iso === null ? null : /^(\d{4})-(\d{2})-(\d{2})/u.exec(iso);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : "";
}

/** `2026-03` and eleven months before it, oldest first, when `count` is 12. */
export function monthsUntil(last: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => addMonths(last, i - count + 1));
}

/** `2026-11` plus 2 is `2027-01`. */
export function addMonths(month: string, by: number): string {
  const total = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${String(Math.floor(total / 12)).padStart(4, "0")}-${String((total % 12) + 1).padStart(2, "0")}`;
}

const LOCALES: Record<Language, string> = { fr: "fr-FR", en: "en-GB" };

/** The locale of numbers and dates; never the computer's, which may be set to anything. */
export function localeOf(language: Language): string {
  return LOCALES[language];
}
