import type { Cell } from "../../bindings/Cell";
import type { GridRow } from "../../bindings/GridRow";
import type { Source } from "../../bindings/Source";
import { t, tMoment } from "../../lib/i18n.svelte";
import { partName } from "../../lib/recordwords";

/** Where values are counted; the register, which is drawn unless another one is chosen, first. */
export const SOURCES: readonly Source[] = ["register", "dhis2", "recount", "community"];

/** What tells a row from the one of its measure that a team counts first: a part of the whole, or another source. */
export function rowPart(row: GridRow): string | null {
  if (row.stratum) return partName(row.stratum);
  return row.source === "register" ? null : t(`source-${row.source}`);
}

/** Where a value was counted, who wrote it and when; nothing of an empty cell. */
export function writtenBy(cell: Cell): string | null {
  const { author, written } = cell;
  if (author === null || written === null) return null;
  return t("cell-written", { source: t(`source-${cell.source}`), author, at: tMoment(written) });
}
