import type { TodayItem } from "../../bindings/TodayItem";
import { href } from "../../lib/router.svelte";

/** The exact place where the work of an item is done. */
export function addressOf({ kind, screen, id, tab }: TodayItem): string {
  const rest = [id, tab].filter((part) => part !== null);
  switch (screen) {
    case "cycle":
      return href("improve", ...rest);
    case "new_cycle":
      return href("improve", "new");
    case "chart":
      return href("measure", "chart", tab ?? "");
    case "grid":
      return href("measure", ...rest);
    case "visit":
      return href("supervision", "visit", ...rest);
    case "actions":
      return href("actions", ...rest);
    case "pauses":
      return href("pauses");
    case "sync":
      return kind === "review_values" ? href("sync", "review") : href("sync");
  }
}
