import type { Stratum } from "../../bindings/Stratum";
import { t } from "../../lib/i18n.svelte";

/** The name of a part: a village's own, or the word for a sex or an age group. */
export function partName(stratum: Stratum): string {
  const part = stratum.key.slice(stratum.key.indexOf(":") + 1);
  return stratum.name ?? (stratum.by === "sex" ? t(`stratum-sex-${part}`) : t(`stratum-age-${part}`));
}
