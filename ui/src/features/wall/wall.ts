import type { CycleDetail } from "../../bindings/CycleDetail";
import type { PlannedAction } from "../../bindings/PlannedAction";
import type { Lesson } from "../../bindings/Lesson";
import type { Trial } from "../../bindings/Trial";
import { t, tDay, tOutOf } from "../../lib/i18n.svelte";

/** As many lines as a column of the page has room for. */
const LINES = 3;

/** What a page on the wall tells of a cycle beside its chart. */
export interface Told {
  /** The trial in hand, in a sentence. */
  trying: { title: string; rest: string } | null;
  /** What was learned, the latest first. */
  learned: string[];
  /** The actions that are not done, then the trials that come next, with who and when. */
  next: string[];
  /** The changes that the team has taken up. */
  kept: string[];
}

/** What is tried, learned, planned and kept in a cycle; a trial that is under way comes before one that is planned. */
export function told(
  { trials, lessons }: Pick<CycleDetail, "trials" | "lessons">,
  actions: readonly PlannedAction[],
): Told {
  const open = trials.filter((trial) => !trial.meta.deleted && trial.step !== "done" && trial.title);
  const inHand = open.find((trial) => trial.step !== "plan") ?? open[0];
  const done = trials.filter((trial) => !trial.meta.deleted && trial.step === "done");
  return {
    trying: inHand ? { title: sentence(inHand.title ?? ""), rest: progress(inHand) } : null,
    learned: learnt(lessons, done).slice(0, LINES),
    next: [
      ...actions
        .filter((action) => !action.meta.deleted && action.done === null && action.given_up === null)
        .map(({ text, who, due }) => ({ text, who, ends: due })),
      ...open
        .filter((trial) => trial !== inHand)
        .map(({ title, who, ends }) => ({ text: title ?? "", who, ends })),
    ]
      .slice(0, LINES)
      .map((one) => [sentence(one.text), whoAndWhen(one)].filter(Boolean).join(" ")),
    kept: done
      .filter((trial) => trial.decision === "adopt" && trial.title)
      .slice(0, LINES)
      .map((trial) => sentence(trial.title ?? "")),
  };
}

/** Lessons are what a team chose to tell others; what single trials taught stands in for them. */
function learnt(lessons: readonly Lesson[], done: readonly Trial[]): string[] {
  const told = lessons.filter((lesson) => !lesson.meta.deleted).map((lesson) => lesson.title || lesson.what);
  const words = told.some(Boolean) ? told : done.map((trial) => trial.learned);
  return words.flatMap((text) => (text ? [sentence(text)] : []));
}

function progress(trial: Trial): string {
  const seen =
    trial.seen_n !== null && trial.seen_d !== null
      ? t("wall-seen", { counts: tOutOf(trial.seen_n, trial.seen_d) })
      : null;
  return [whoAndWhen(trial), seen].filter(Boolean).join(" ");
}

function whoAndWhen({ who, ends }: Pick<Trial, "who" | "ends">): string {
  if (who && ends) return t("wall-who-until", { who, day: tDay(ends) });
  if (ends) return t("wall-until", { day: tDay(ends) });
  return who ? `${who}.` : "";
}

/** A text ends as a sentence does. */
function sentence(text: string): string {
  const bare = text.trim();
  return bare === "" || /[.!?…»]$/u.test(bare) ? bare : `${bare}.`;
}
