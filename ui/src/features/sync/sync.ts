import { t, tDay, tNumber } from "../../lib/i18n.svelte";

/** A size as people say it. */
export function bytes(count: number): string {
  return count < 1000
    ? t("sync-bytes", { count: tNumber(count) })
    : t("sync-kilobytes", { count: tNumber(count / 1000, 1) });
}

/** How long ago a contact was, after its date; nothing on the day itself. */
export function lateness(moment: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(moment.slice(0, 10))) / 86_400_000);
  return days <= 0 ? "" : `, ${t("sync-days-ago", { days })}`;
}

/** A stored word as people say it: reasons, decisions, days. */
export function wordOf(field: string, text: string): string {
  const word = text.replaceAll("_", "-");
  switch (field) {
    case "no_data":
      return t(`nodata-${word}`);
    case "comparison":
      return t(`comparison-${word}`);
    case "decision":
      return t(`decision-${word}`);
    case "status":
      return word === "open" ? t("improve-open") : t("improve-closed");
    default:
      return /^\d{4}-\d{2}-\d{2}$/u.test(text) ? tDay(text) : text;
  }
}
