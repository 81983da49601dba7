import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { AppError } from "../bindings/AppError";
import type { Language } from "../bindings/Language";
import type { Localized } from "../bindings/Localized";
import { localeOf } from "./dates";
import * as format from "./format";

const files = import.meta.glob<string>("../../../assets/locales/*/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});

const bundles: Record<Language, FluentBundle> = { fr: bundle("fr"), en: bundle("en") };

function bundle(language: Language): FluentBundle {
  // Isolation marks would show as boxes in some fonts, and both languages run the same way.
  const made = new FluentBundle(localeOf(language), { useIsolating: false });
  for (const [path, text] of Object.entries(files)) {
    if (path.includes(`/${language}/`)) made.addResource(new FluentResource(text));
  }
  return made;
}

let shown = $state<Language>("fr");

/** The language on the screen. */
export function language(): Language {
  return shown;
}

/** Changes every word on the screen at once. */
export function speak(next: Language): void {
  shown = next;
  document.documentElement.lang = next;
}

export type Params = Record<string, FluentVariable>;

/** The sentence of a key in the language on the screen. */
export function t(key: string, params?: Params): string {
  return sentence(shown, key, params) ?? key;
}

/** The sentence of a key in one language; null when the key has none. A parameter left out shows its name. */
export function sentence(of: Language, key: string, params?: Params): string | null {
  const message = bundles[of].getMessage(key);
  return message?.value ? bundles[of].formatPattern(message.value, params ?? null, []) : null;
}

/** What happened, what is safe, what to do. */
export function errorSentence(error: AppError): string {
  return sentence(shown, `error-${error.code}`, spoken(error.params)) ?? t("error-unexpected");
}

/** Parameters that came from the app as text, made readable. */
export function spoken(params: Partial<Record<string, string>>): Params {
  const read = Object.entries(params).map(
    ([name, text]) => [name, format.parameter(shown, text ?? "")] as const,
  );
  return Object.fromEntries(read);
}

/** A text of the catalogue. */
export const tl = (text: Localized): string => format.localized(shown, text);
export const tNumber = (value: number, decimals?: number): string => format.number(shown, value, decimals);
export const tUnit = (value: number, unit: string): string => format.inUnit(shown, value, unit);
export const tGoal = (value: number, unit: string): string => format.goal(shown, value, unit);
export const tOutOf = (n: number, d: number): string => format.outOf(shown, n, d);
export const tDay = (iso: string): string => format.day(shown, iso);
export const tShortDay = (iso: string): string => format.shortDay(shown, iso);
export const tWeekday = (iso: string): string => format.weekday(shown, iso);
export const tMonth = (period: string): string => format.month(shown, period);
/** « mois », « semaines »: so many periods as long as this one. */
export const tPeriods = (period: string, count: number): string =>
  t(`periods-${format.spanOf(period)}`, { count });
export const tMonthName = (period: string): string => format.monthName(shown, period);
export const tMonthHead = (period: string): string => format.monthHead(shown, period);
export const tTime = (iso: string): string => format.time(shown, iso);
export const tMoment = (iso: string): string => format.moment(shown, iso);
