import type { Carried } from "../../bindings/Carried";
import { t, tDay } from "../../lib/i18n.svelte";

/** The days of what somebody carries, as far as they are known. */
export function period({ since, until }: Pick<Carried, "since" | "until">): string {
  if (since && until) return t("handover-from-until", { since: tDay(since), until: tDay(until) });
  if (until) return t("handover-until", { until: tDay(until) });
  return since ? t("handover-from", { since: tDay(since) }) : "";
}
