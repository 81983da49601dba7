import type { Marks } from "../bindings/Marks";
import { t, tShortDay } from "../lib/i18n.svelte";

/** How far a record has come: one tick while it is only here or under way, two where another has it. */
export interface Mark {
  ticks: 1 | 2;
  words: string;
}

/** The farthest that is known; nothing for a record that was never saved. */
export function markOf(marks: Marks): Mark | null {
  if (marks.district) return { ticks: 2, words: t("marks-district", { day: tShortDay(marks.district) }) };
  if (marks.server) return { ticks: 2, words: t("marks-server", { day: tShortDay(marks.server) }) };
  if (marks.carried) return { ticks: 1, words: t("marks-carried", { day: tShortDay(marks.carried) }) };
  if (marks.saved) return { ticks: 1, words: t("marks-saved") };
  return null;
}

/** Who has opened it: the last by name, and how many others. */
export function openedWords(opened: Marks["opened"]): string | null {
  const people = new Map<string, string>();
  for (const { by, day } of opened) {
    if (day > (people.get(by) ?? "")) people.set(by, day);
  }
  const [first, ...others] = [...people].sort(([, a], [, b]) => b.localeCompare(a));
  if (!first) return null;
  const one = t("marks-opened", { by: first[0], day: tShortDay(first[1]) });
  return others.length > 0 ? t("marks-opened-more", { opened: one, count: others.length }) : one;
}
