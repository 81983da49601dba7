import type { Chart } from "../../bindings/Chart";
import type { CycleDetail } from "../../bindings/CycleDetail";
import type { Indicator } from "../../bindings/Indicator";
import type { PaperBlock } from "../../bindings/PaperBlock";
import type { PaperPicture } from "../../bindings/PaperPicture";
import type { PlannedAction } from "../../bindings/PlannedAction";
import type { TeamMember } from "../../bindings/TeamMember";
import type { Trial } from "../../bindings/Trial";
import { t, tDay, tl, tMonth, tNumber, tOutOf, tUnit } from "../../lib/i18n.svelte";
import { onPaper } from "../../lib/photo";
import { call } from "../../lib/call";
import { fields, heading, line, list, note, type Paper, paragraph, pictures, title } from "../../lib/paper";
import { aimSentence } from "../../parts/aim";
import { markLabel, methodOf } from "../../parts/chartwords";
import { spoken } from "../../parts/verdict";
import { keyed, rampOf } from "./part";

/** A measure of the cycle with what is printed of it. */
export interface Followed {
  chart: Chart;
  /** The drawing of it; none while nothing was counted. */
  picture: PaperPicture | null;
  /** What was agreed about it. */
  actions: readonly PlannedAction[];
}

const there = <T extends { meta: { deleted: boolean } }>(all: readonly T[]) =>
  all.filter((one) => !one.meta.deleted);
const joined = (parts: readonly (string | 0 | null | undefined)[]) => parts.filter(Boolean).join(", ");

/** What the chart says, as on the screen. */
export const verdictOf = ({ view, indicator }: Chart): string => {
  const { lead, text } = spoken(view, indicator.direction, indicator.no_goal);
  return joinedSentences([lead, text]);
};
const joinedSentences = (parts: readonly (string | null | undefined)[]) => parts.filter(Boolean).join(" ");

/** When somebody was in the team. */
export function since({ since, until }: Pick<TeamMember, "since" | "until">): string {
  if (since && until) return t("team-between", { since: tDay(since), until: tDay(until) });
  if (since) return t("team-since", { since: tDay(since) });
  return until ? t("team-until", { until: tDay(until) }) : "";
}

/** From when to when something was tried. */
export function between({ starts, ends }: Pick<Trial, "starts" | "ends">): string | null {
  if (starts !== null && starts === ends) return t("trial-on", { day: tDay(starts) });
  if (starts && ends) return t("trial-between", { starts: tDay(starts), ends: tDay(ends) });
  return starts ? t("trial-from", { starts: tDay(starts) }) : null;
}

/** The photos of trials as paper takes them, by the photo; what was masked or has not come is left out. */
export async function pictured(detail: CycleDetail, trials: readonly Trial[]): Promise<Pictured> {
  const found = new Map<string, PaperPicture>();
  for (const photo of there(detail.photos)) {
    if (!trials.some((trial) => trial.meta.id === photo.trial)) continue;
    const { image } = await call("photo_picture", { id: photo.meta.id });
    if (image === null) continue;
    const shows = photo.caption || t("photo-untitled");
    const below = joined([photo.caption, photo.day && tDay(photo.day)]);
    found.set(photo.meta.id, { shows, above: "", below, drawing: await onPaper(image) });
  }
  return found;
}
export type Pictured = ReadonlyMap<string, PaperPicture>;

function trialBlocks(detail: CycleDetail, trial: Trial, photos: Pictured, level = 2): PaperBlock[] {
  const ramp = rampOf(detail, trial);
  const before = ramp.find((one) => one.meta.id === trial.after);
  const place = ramp.length > 1 ? t("ramp-place", { at: ramp.indexOf(trial) + 1, all: ramp.length }) : null;
  const counted = trial.seen_n !== null && trial.seen_d !== null ? tOutOf(trial.seen_n, trial.seen_d) : null;
  const compared = trial.comparison ? t(`comparison-${trial.comparison.replaceAll("_", "-")}`) : null;
  const decided = trial.decision
    ? joinedSentences([
        `${t(`decision-${trial.decision}-done`)}.`,
        trial.decided ? t("trial-decided", { day: tDay(trial.decided) }) : null,
      ])
    : null;
  const seen = there(trial.observations).map((one) =>
    t("trial-said", { text: one.text ?? "", author: one.meta.author, day: one.day ? tDay(one.day) : "" }),
  );
  const said = there(trial.comments).map((one) =>
    t("trial-said", { text: one.text, author: one.meta.author, day: tDay(one.day) }),
  );
  const shown = there(detail.photos).flatMap((photo) =>
    photo.trial === trial.meta.id ? (photos.get(photo.meta.id) ?? []) : [],
  );
  return [
    ...(level > 0 ? [heading(trial.title || t("trial-untitled"), level)] : []),
    fields([
      [
        t("tool-ramp"),
        joinedSentences([
          place && `${place}.`,
          before ? t("trial-after", { title: before.title || t("trial-untitled") }) : null,
        ]),
      ],
      [t("field-who"), joined([trial.who, between(trial)])],
      [t("field-trial-venue"), trial.venue],
      [t("field-extent"), joined([trial.extent && t(keyed("extent", trial.extent)), trial.scale])],
      [t("field-prediction"), trial.prediction ?? t("trial-no-prediction")],
      [t("field-data-plan"), trial.data_plan],
      [t("field-happened"), trial.happened],
      [
        t("trial-we-saw"),
        joined([counted ?? (trial.step === "plan" ? null : t("trial-not-counted")), compared]),
      ],
      [t("field-learned"), trial.learned],
      [t("field-decision"), decided ?? t(`step-${trial.step}`)],
    ]),
    ...(seen.length > 0 ? [heading(t("observations-title"), level + 1), list(seen)] : []),
    ...(shown.length > 0 ? [heading(t("photo-title"), level + 1), pictures(shown, 2)] : []),
    ...(said.length > 0 ? [heading(t("comments-title"), level + 1), list(said)] : []),
  ];
}

/** The card of one trial as a sheet to hang up or to keep. */
export function trialPaper(detail: CycleDetail, trial: Trial, photos: Pictured): Paper {
  const name = trial.title || t("trial-untitled");
  return {
    name: t("trial-card", { title: name }),
    landscape: false,
    blocks: [
      title(name, joined([detail.cycle.title, detail.cycle.place.name])),
      ...trialBlocks(detail, trial, photos, 0),
      // What is not written yet can be, by hand, where the trial runs.
      ...(["happened", "learned"] as const)
        .filter((field) => trial[field] === null)
        .map((field) => ({ block: "pen" as const, lines: [t(`field-${field}`)] })),
      { block: "pen", lines: [t("paper-signature"), t("paper-day")] },
    ],
  };
}

function measureBlocks(
  { chart, picture, actions }: Followed,
  goal: number | null,
  baselines: CycleDetail["baselines"],
): PaperBlock[] {
  const { indicator, view, marks } = chart;
  const unit = tl(indicator.unit);
  const start = baselines.find((one) => one.indicator === indicator.code);
  const numbers = fields([
    [t("measures-counted"), tl(indicator.numerator)],
    [t("measures-out-of"), indicator.denominator && tl(indicator.denominator)],
    [
      t("measures-start"),
      start &&
        joined([
          tUnit(Math.round(start.value * 10) / 10, unit),
          `${tMonth(start.first)} – ${tMonth(start.last)}`,
        ]),
    ],
    [t("field-goal", { unit }), goal === null ? null : tNumber(goal)],
  ]);
  const happened = marks
    .filter((mark) => mark.kind !== "trial")
    .map((mark) => joined([tDay(mark.day), markLabel(mark)]));
  const open = there(actions)
    .filter((one) => one.state !== "given_up")
    .map((one) =>
      one.done === null
        ? {
            text: joined([
              one.text,
              one.due ? t("action-due", { who: one.who, day: tDay(one.due) }) : one.who,
            ]),
            open: true,
          }
        : line(t("action-done", { text: one.text, who: one.who, day: tDay(one.done) })),
    );
  return [
    heading(tl(indicator.name), 2),
    ...(view.points.length > 0 ? [paragraph(verdictOf(chart))] : []),
    ...(picture ? [pictures([picture])] : []),
    numbers,
    ...(happened.length > 0 ? [heading(t("book-events"), 2), list(happened)] : []),
    ...(open.length > 0 ? [heading(t("action-title"), 2), { block: "list" as const, items: open }] : []),
    ...(view.points.length > 0 ? [note(methodOf(view))] : []),
  ];
}

/** A whole cycle as a document: what the team understood, tried, saw and decided, with the charts of its measures. */
export function cyclePaper(
  detail: CycleDetail,
  followed: readonly Followed[],
  indicators: readonly Indicator[],
  ramps: PaperPicture[] = [],
  photos: Pictured = new Map(),
): Paper {
  const { cycle } = detail;
  const name = cycle.title || t("improve-untitled");
  const main = indicators.find((known) => known.code === followed[0]?.chart.indicator.code);
  const members = there(detail.members);
  const ideas = there(detail.ideas).sort((a, b) => a.position - b.position);
  const causes = there(detail.causes)
    .filter((cause) => cause.text)
    .sort((a, b) => Number(b.main) - Number(a.main) || a.position - b.position)
    .map((cause) =>
      joined([
        cause.text,
        t(`standing-${cause.standing.replace("_", "-")}`),
        cause.main ? t("cause-is-main") : null,
      ]),
    );
  const trials = there(detail.trials);
  const lessons = there(detail.lessons);
  // What was decided of a trial stands with the trial.
  const met = there(detail.decisions)
    .filter((one) => !trials.some((trial) => trial.meta.id === one.about))
    .map((one) => joined([one.text, one.day && t("decide-at-meeting", { day: tDay(one.day) })]));
  const looks = there(detail.rechecks).map((one) => ({
    text: joinedSentences([
      t("hold-after", { months: one.months }),
      joined([one.due && tDay(one.due), one.looked, one.who]),
      one.holding && `${t(`holding-${one.holding}`)}.`,
      one.said,
    ]),
    open: one.holding === null,
  }));
  const goals = new Map(there(detail.measures).map(({ indicator, goal }) => [indicator, goal]));
  const part = (name: string, blocks: readonly PaperBlock[]) =>
    blocks.length > 0 ? [heading(name), ...blocks] : [];
  const text = (words: string | null) => (words ? [paragraph(words)] : []);
  return {
    name: t("cycle-paper", { title: name }),
    landscape: false,
    blocks: [
      title(
        name,
        joined([
          cycle.place.name,
          cycle.opened && t("cycle-opened", { day: tDay(cycle.opened), author: cycle.meta.author }),
          cycle.status === "closed" ? t("improve-closed") : null,
        ]),
      ),
      { block: "lead", text: aimSentence(cycle, main ? tl(main.unit) : "%") ?? t("improve-no-aim") },
      ...part(t("field-problem"), text(cycle.problem)),
      ...part(t("cycle-causes"), causes.length > 0 ? [list(causes)] : text(cycle.cause)),
      ...part(
        t("team-title"),
        members.length > 0
          ? [
              {
                block: "table",
                pen: false,
                widths: [1, 1, 1],
                head: [t("field-member-name"), t("field-member-post"), t("team-when")],
                rows: members.map((one) => ({
                  row: "cells" as const,
                  cells: [one.name ?? "", joined([one.post, one.role]), since(one)],
                })),
              },
            ]
          : [],
      ),
      ...part(
        t("measures-title"),
        followed.flatMap((one) =>
          measureBlocks(one, goals.get(one.chart.indicator.code) ?? null, detail.baselines),
        ),
      ),
      ...part(
        t("ideas-title"),
        ideas.length > 0
          ? [
              {
                block: "list",
                items: ideas.map(({ text, tried, votes }) => ({
                  text: joined([text, votes && t("votes-count", { count: votes })]),
                  open: !tried,
                })),
              },
            ]
          : [],
      ),
      ...part(t("cycle-trials"), [
        ...(ramps.length > 0 ? [pictures(ramps)] : []),
        ...trials.flatMap((trial) => trialBlocks(detail, trial, photos)),
      ]),
      ...part(t("decide-decisions"), met.length > 0 ? [list(met)] : []),
      ...part(t("hold-title"), looks.length > 0 ? [{ block: "list", items: looks }] : []),
      ...part(
        t("lessons-title"),
        lessons.flatMap((one) => [
          heading(one.title ?? "", 2),
          fields([
            ...(["what", "tried", "conditions", "cost", "evidence"] as const).map(
              (field) => [t(`field-lesson-${field}`), one[field]] as const,
            ),
            [t("field-lesson-strength"), one.strength && t(`strength-${one.strength}`)],
            [t("lesson-state"), t(`lesson-state-${one.state}`)],
          ]),
        ]),
      ),
      { block: "pen", lines: [t("paper-signature"), t("paper-day")] },
    ],
  };
}
