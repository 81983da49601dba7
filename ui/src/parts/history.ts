import type { HistoryChange } from "../bindings/HistoryChange";
import type { HistoryEntry } from "../bindings/HistoryEntry";

/** The token of each field's value that is on the screens now; entries come newest first. */
export function standingTokens(entries: readonly HistoryEntry[]): Partial<Record<string, string>> {
  const standing: Partial<Record<string, string>> = {};
  for (const shown of [true, false]) {
    for (const entry of entries.filter((one) => one.shown === shown)) {
      for (const { field, token } of entry.changes) standing[field] ??= token;
    }
  }
  return standing;
}

/** Whether a version may be put back: it does not stand now, and it says something else than what does. */
export function canRestore(change: HistoryChange, entries: readonly HistoryEntry[]): boolean {
  const token = standingTokens(entries)[change.field];
  if (token === undefined || token === change.token) return false;
  const now = entries.flatMap(({ changes }) => changes).find((one) => one.token === token);
  return now?.after !== change.after;
}

/** Days, newest first, each with what happened on it. */
export function byDay(entries: readonly HistoryEntry[]): { day: string; entries: HistoryEntry[] }[] {
  const days: { day: string; entries: HistoryEntry[] }[] = [];
  for (const entry of entries) {
    const day = entry.at.slice(0, 10);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
