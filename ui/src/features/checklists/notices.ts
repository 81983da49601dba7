import type { Notice } from "../../bindings/Notice";
import { t } from "../../lib/i18n.svelte";

/** What a notice says, after the name of the question. */
export function saidOf(notice: Notice): string {
  const logic = "logic" in notice ? t(`form-logic-${notice.logic.replaceAll("_", "-")}`) : "";
  return t(`form-notice-${notice.code.replaceAll("_", "-")}`, { ...notice, logic });
}
