import type { SyncState } from "../bindings/SyncState";
import { t, tShortDay } from "./i18n.svelte";

/** The truth about sync in two or three words. */
export function stateWord(sync: SyncState): string {
  switch (sync.state) {
    case "practice":
      return t("state-practice");
    case "not_enrolled":
      return t("state-not-enrolled");
    case "up_to_date":
      return t("state-up-to-date");
    case "waiting":
      return t("state-waiting", { count: sync.waiting_saves });
    case "problem":
      return t("state-problem");
  }
}

/** What belongs under that word in the rail. */
export function stateDetail(sync: SyncState): string {
  if (sync.state === "practice") return t("state-practice-detail");
  if (sync.state === "not_enrolled") {
    return sync.waiting_saves === 0
      ? t("state-kept-here")
      : t("state-saves-here", { count: sync.waiting_saves });
  }
  return sync.last_contact === null
    ? t("state-never-sent")
    : t("state-contact", { day: tShortDay(sync.last_contact) });
}
