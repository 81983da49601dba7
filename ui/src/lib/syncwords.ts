import type { SyncState } from "../bindings/SyncState";
import { t, tShortDay } from "./i18n.svelte";

/** What is true about sync, the most pressing first. */
export type Truth =
  | { is: "practice" | "not_enrolled" | "revoked" | "sending" | "up_to_date" }
  /** So many saves: put aside, waiting to be sent, on a stick only, or received and waiting for others. */
  | { is: "problem" | "waiting" | "carried" | "held"; count: number };

/** « À jour » is only said when nothing is unsent, put aside, on a stick without word of it, or held. */
export function truthOf(sync: SyncState): Truth {
  // What others could not bring in here, and what was written here and the server put aside.
  const refused = sync.waiting.filter((record) => record.refused !== null).length;
  const aside = sync.aside.reduce((sum, { saves }) => sum + saves, refused);
  if (sync.state === "practice") return { is: "practice" };
  if (sync.revoked) return { is: "revoked" };
  if (sync.stage !== null) return { is: "sending" };
  if (aside > 0) return { is: "problem", count: aside };
  if (sync.state === "problem") return { is: "problem", count: sync.waiting_saves };
  if (sync.state === "not_enrolled") return { is: "not_enrolled" };
  if (sync.waiting_saves > 0) return { is: "waiting", count: sync.waiting_saves };
  if (sync.carried > 0) return { is: "carried", count: sync.carried };
  if (sync.held > 0) return { is: "held", count: sync.held };
  return sync.state === "up_to_date" ? { is: "up_to_date" } : { is: "waiting", count: sync.waiting_saves };
}

/** The truth about sync: in two or three words for the rail, a little longer at the head of the panel. */
export function truthWord(truth: Truth, length: "short" | "long"): string {
  const short = length === "short";
  switch (truth.is) {
    case "practice":
      return t("state-practice");
    case "not_enrolled":
      return t("state-not-enrolled");
    case "revoked":
      return t("state-revoked");
    case "sending":
      return short ? t("state-sending") : t("sync-sending");
    case "problem": {
      const { count } = truth;
      if (count === 0) return t("state-problem");
      return short ? t("state-problem-count", { count }) : t("sync-big-problem", { count });
    }
    case "waiting":
      return t(short ? "state-waiting" : "sync-big-waiting", { count: truth.count });
    case "carried":
      return t(short ? "state-carried" : "sync-big-carried", { count: truth.count });
    case "held":
      return t(short ? "state-held" : "sync-big-held", { count: truth.count });
    case "up_to_date":
      return t("state-up-to-date");
  }
}

/** What belongs under that word in the rail. */
export function stateDetail(sync: SyncState): string {
  const truth = truthOf(sync);
  if (truth.is === "practice") return t("state-practice-detail");
  if (sync.questions > 0) return t("state-review");
  if (truth.is === "not_enrolled") {
    if (sync.carried > 0) return t("state-carried", { count: sync.carried });
    return sync.waiting_saves === 0
      ? t("state-kept-here")
      : t("state-saves-here", { count: sync.waiting_saves });
  }
  return sync.last_contact === null
    ? t("state-never-sent")
    : t("state-contact", { day: tShortDay(sync.last_contact) });
}
