import { t, tNumber } from "./i18n.svelte";

/** A size as people say it. */
export function bytes(count: number): string {
  if (count < 1000) return t("sync-bytes", { count: tNumber(count) });
  if (count < 1_000_000) return t("sync-kilobytes", { count: tNumber(count / 1000, 1) });
  if (count < 1_000_000_000) return t("sync-megabytes", { count: tNumber(count / 1_000_000, 1) });
  return t("sync-gigabytes", { count: tNumber(count / 1_000_000_000, 1) });
}
