import type { Language } from "../bindings/Language";
import { localeOf } from "./dates";
import { setFrench } from "./typography";

type Options = Intl.DateTimeFormatOptions;

const formats = new Map<string, Intl.DateTimeFormat>();

function dated(language: Language, options: Options, date: Date): string {
  const key = language + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(localeOf(language), { timeZone: "UTC", ...options });
    formats.set(key, format);
  }
  return format.format(date);
}

/** Days and times arrive as local ISO text; reading them as UTC keeps them as they were written. */
function read(iso: string): Date {
  const local = /^(\d{4}-\d{2}(?:-\d{2})?)(?:[T ](\d{2}:\d{2}))?/u.exec(iso);
  const day = (local?.[1] ?? "1970-01-01").padEnd(10, "-01");
  return new Date(`${day}T${local?.[2] ?? "00:00"}:00Z`);
}

/** `1 234,5` or `1,234.5`, with at most `decimals` decimals. */
export function number(language: Language, value: number, decimals = 2): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: decimals }).format(value);
}

/** A value in its unit as a chart or a grid shows it: `58,1 %`, `12`, `3,4`. */
export function inUnit(language: Language, value: number, unit: string): string {
  if (unit === "%") {
    const text = new Intl.NumberFormat(localeOf(language), {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }).format(value);
    return language === "fr" ? `${text}\u202f%` : `${text}%`;
  }
  return number(language, value, 1);
}

/** A goal is set as a round number: `80 %`, not `80,0 %`. */
export function goal(language: Language, value: number, unit: string): string {
  const text = number(language, value, 1);
  if (unit !== "%") return text;
  return language === "fr" ? `${text}\u202f%` : `${text}%`;
}

/** `18 sur 31`, never broken over a line. */
export function outOf(language: Language, n: number, d: number): string {
  const word = language === "fr" ? "sur" : "of";
  return `${number(language, n)}\u00a0${word}\u00a0${number(language, d)}`;
}

/** `22 novembre 2026`; the first of a month is `1er` in French. */
export function day(language: Language, iso: string): string {
  return first(language, iso, dated(language, { day: "numeric", month: "long", year: "numeric" }, read(iso)));
}

/** `dimanche 22 novembre 2026`. */
export function weekday(language: Language, iso: string): string {
  const options: Options = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const text = first(language, iso, dated(language, options, read(iso)));
  return text.charAt(0).toLocaleUpperCase(localeOf(language)) + text.slice(1);
}

/** `22 nov.`. */
export function shortDay(language: Language, iso: string): string {
  return first(language, iso, dated(language, { day: "numeric", month: "short" }, read(iso)));
}

function first(language: Language, iso: string, text: string): string {
  const set = language === "fr" && iso.slice(8, 10) === "01" ? text.replace(/(^|\s)1 /u, "$11er ") : text;
  // A date is one thing: the line never breaks within.
  return set.replaceAll(" ", "\u00a0");
}

/** How long a counted period is. */
export type Span = "day" | "week" | "month" | "quarter" | "year";

/** The length of an ISO period: `2026-03-05`, `2026-W07`, `2026-03`, `2026-Q1`, `2026`. */
export function spanOf(period: string): Span {
  if (/W\d{2}$/u.test(period)) return "week";
  if (/Q\d$/u.test(period)) return "quarter";
  return period.length === 4 ? "year" : period.length === 10 ? "day" : "month";
}

const nth = (n: number) => (n === 1 ? "1er" : `${n}e`);

/** `octobre 2026`, `semaine 7 de 2026`, `1er trimestre 2026`, `2026`, `5 mars 2026`. */
export function month(language: Language, period: string): string {
  const year = period.slice(0, 4);
  switch (spanOf(period)) {
    case "day":
      return day(language, period);
    case "week":
      return `${monthName(language, period)}\u00a0${language === "fr" ? "de" : "of"}\u00a0${year}`;
    case "quarter":
      return language === "fr"
        ? `${monthName(language, period)}\u00a0${year}`
        : `${monthName(language, period)}\u00a0of\u00a0${year}`;
    case "year":
      return year;
    case "month":
      return dated(language, { month: "long", year: "numeric" }, read(period)).replaceAll(" ", "\u00a0");
  }
}

/** `octobre`, `semaine 7`, `1er trimestre`: the period within its year. */
export function monthName(language: Language, period: string): string {
  const number = Number(period.slice(6));
  switch (spanOf(period)) {
    case "day":
      return first(language, period, dated(language, { day: "numeric", month: "long" }, read(period)));
    case "week":
      return `${language === "fr" ? "semaine" : "week"}\u00a0${number}`;
    case "quarter":
      return language === "fr" ? `${nth(number)}\u00a0trimestre` : `quarter\u00a0${number}`;
    case "year":
      return period;
    case "month":
      return dated(language, { month: "long" }, read(period));
  }
}

/** `oct. 26`, `S7 26`, above a column. */
export function monthHead(language: Language, period: string): string {
  const short = shortMonth(language, period);
  return spanOf(period) === "year" ? short : `${short}\u00a0${period.slice(2, 4)}`;
}

/** `oct.`, `S7`, `T1`, under a point. */
export function shortMonth(language: Language, period: string): string {
  const number = Number(period.slice(6));
  switch (spanOf(period)) {
    case "day":
      return shortDay(language, period);
    case "week":
      return `${language === "fr" ? "S" : "W"}${number}`;
    case "quarter":
      return `${language === "fr" ? "T" : "Q"}${number}`;
    case "year":
      return period;
    case "month":
      return dated(language, { month: "short" }, read(period));
  }
}

/** `9 h 42` or `9:42`. */
export function time(language: Language, iso: string): string {
  const at = read(iso);
  if (language === "en") return dated(language, { hour: "numeric", minute: "2-digit" }, at);
  return `${at.getUTCHours()}\u00a0h\u00a0${String(at.getUTCMinutes()).padStart(2, "0")}`;
}

/** `22 novembre 2026 à 9 h 42`. */
export function moment(language: Language, iso: string): string {
  return `${day(language, iso)}${language === "fr" ? " à " : " at "}${time(language, iso)}`;
}

/** A text of the catalogue in the language on the screen. */
export function localized(language: Language, text: { fr: string; en: string }): string {
  return language === "fr" ? setFrench(text.fr) : text.en;
}

/**
 * A parameter that came as text, as people read it: days, months and moments in words, whole numbers as
 * numbers so that plurals agree, anything else as it is.
 */
export function parameter(language: Language, text: string): string | number {
  if (/^\d{4}-(0[1-9]|1[0-2]|W\d{2}|Q[1-4])$/u.test(text)) return month(language, text);
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return day(language, text);
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/u.test(text)) return moment(language, text);
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  return text;
}
