import type { AuditLine } from "../../bindings/AuditLine";
import { t } from "../../lib/i18n.svelte";

/** What was done, as a sentence; a word of a later version has none. */
export function doingSentence(line: AuditLine): string {
  const params = line.params as Record<string, string>;
  const said = "times" in params ? t(`audit-${line.what}-times`, params) : t(`audit-${line.what}`, params);
  return said.startsWith("audit-") ? t("audit-unknown") : said;
}

/** The lines by day, in their order. */
export function byDay(lines: readonly AuditLine[]): { day: string; lines: AuditLine[] }[] {
  const days: { day: string; lines: AuditLine[] }[] = [];
  for (const line of lines) {
    const day = line.at.slice(0, 10);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return days;
}
