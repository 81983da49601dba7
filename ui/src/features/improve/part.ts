import type { CycleDetail } from "../../bindings/CycleDetail";
import type { Extent } from "../../bindings/Extent";
import type { Kind } from "../../bindings/Kind";
import type { Trial } from "../../bindings/Trial";
import type { TrialField } from "../../bindings/TrialField";
import { call } from "../../lib/call";
import { EXTENTS } from "../../lib/recordwords";
import { go } from "../../lib/router.svelte";

/** What each part of a cycle's page is given. */
export interface PartProps {
  detail: CycleDetail;
  /** Why it is written, where somebody else's work is corrected. */
  reason: string | null;
  refresh: () => Promise<void>;
  remove: (kind: Kind, id: string, label: string) => Promise<void>;
}

/** What a part is given besides, where what it does can be taken back. */
export interface UndoneProps extends PartProps {
  did: (said: string, undo: () => Promise<unknown>) => void;
}

/** The tools that wait until a team wants them. */
export const TOOLS = [
  "fishbone",
  "whys",
  "drivers",
  "matrix",
  "ramp",
  "team",
  "measures",
  "progress",
] as const;
export type Tool = (typeof TOOLS)[number];

/** The tools of a cycle for whoever looks at it: what stays between a team and its coach is for them alone. */
export const toolsOf = (detail: CycleDetail): readonly Tool[] =>
  TOOLS.filter((tool) => tool !== "progress" || detail.progress !== null);

/** The key of a word that comes from the app. */
export const keyed = (start: string, word: string): string => `${start}-${word.replaceAll("_", "-")}`;

/** The trials that stand. */
export const standing = (detail: CycleDetail): Trial[] =>
  detail.trials.filter((trial) => !trial.meta.deleted);

/** The trial that the page is about: the one that was asked for, or else the first that is not decided. */
export function trialInHand(detail: CycleDetail, item: string | null): Trial | undefined {
  const trials = standing(detail);
  return (
    trials.find((trial) => trial.meta.id === item) ??
    trials.find((trial) => trial.step !== "done") ??
    trials[0]
  );
}

/** The trials of the row that a trial stands in, the first one first. */
export function rampOf(detail: CycleDetail, trial: Trial | undefined): Trial[] {
  const row = detail.ramps.find((ramp) => trial !== undefined && ramp.includes(trial.meta.id)) ?? [];
  return row.flatMap((id) => standing(detail).find((one) => one.meta.id === id) ?? []);
}

/** How large the next trial may be: one step more where the last one is kept, else the same. */
export function nextExtent({ extent, decision }: Pick<Trial, "extent" | "decision">): Extent | null {
  if (extent === null || decision !== "adopt") return extent;
  return EXTENTS[EXTENTS.indexOf(extent) + 1] ?? extent;
}

/** Makes a trial of what is known of it so far, and opens its card. */
export async function planTrial(
  { detail, reason, refresh }: Pick<PartProps, "detail" | "reason" | "refresh">,
  known: Partial<Record<TrialField, string | null>>,
) {
  const cycle = detail.cycle.meta.id;
  const fields = Object.keys(known) as TrialField[];
  const edits = fields.flatMap((field) => {
    const value = known[field];
    return value === null || value === undefined ? [] : [{ field, value, seen: null }];
  });
  const made = await call("save_trial", { id: null, cycle, edits, reason });
  await refresh();
  go("improve", cycle, "try", made.id);
}
