import type { PaperBlock } from "../../bindings/PaperBlock";
import type { PaperRow } from "../../bindings/PaperRow";
import type { PlannedAction } from "../../bindings/PlannedAction";
import type { Recount } from "../../bindings/Recount";
import type { Visit } from "../../bindings/Visit";
import type { VisitQuestion } from "../../bindings/VisitQuestion";
import { numberOf } from "../../lib/checklist";
import { t, tDay, tl, tMonth, tNumber, tOutOf } from "../../lib/i18n.svelte";
import { fields, heading, list, note, type Paper, paragraph, pictures, title } from "../../lib/paper";
import { onPaper } from "./signature";
import { answerWord, asked, isOpen, listsOf, stageName } from "./visit";

/** A share in percent, or a dash where nothing counted. */
export const share = (percent: number | null): string =>
  percent === null ? "–" : t("visit-percent", { percent: tNumber(percent, 0) });

/** The critical questions that were answered with no. */
export const failed = (visit: Visit): VisitQuestion[] =>
  asked(visit).filter((one) => one.critical && one.value === "no");

const figure = (n: number | null, d: number | null): string =>
  n === null ? t("visit-recount-nothing") : d === null ? tNumber(n) : tOutOf(n, d);

/** What was reported, what the register says, and how far the two lie apart. */
export function recountSaid(one: Recount): string {
  const [reported, counted] = [figure(one.reported_n, one.reported_d), figure(one.n, one.d)];
  const said = t("visit-recount-said", { reported, counted });
  // Whichever of the two numbers lies further apart is told.
  const known = (["n", "d"] as const).flatMap((part) => {
    const factor = part === "n" ? one.factor_n : one.factor_d;
    return factor === null ? [] : [{ part, apart: factor - 1 }];
  });
  const worst = known.sort((a, b) => Math.abs(b.apart) - Math.abs(a.apart))[0];
  const unreported = (one.reported_n === 0 && (one.n ?? 0) > 0) || (one.reported_d === 0 && (one.d ?? 0) > 0);
  return [said, unreported ? t("visit-recount-unreported") : worst && far(worst, one.within), one.note]
    .filter(Boolean)
    .join(" ");
}

/** How far what was counted again lies from what was reported, and whether that is to be explained. */
function far(worst: { part: "n" | "d"; apart: number }, within: boolean | null): string {
  if (worst.apart === 0) return t("visit-recount-same");
  return t(within === false ? "visit-recount-far" : "visit-recount-near", {
    percent: tNumber(Math.abs(worst.apart) * 100, 0),
    part: worst.part,
    side: worst.apart < 0 ? "below" : "above",
  });
}

const cells = (...cells: string[]): PaperRow => ({ row: "cells", cells });

/** What was agreed: what, who with what means, who must act, by when. */
function recommendations(actions: readonly PlannedAction[]): PaperBlock[] {
  if (actions.length === 0) return [paragraph(t("feedback-no-recommendation"))];
  return [
    {
      block: "table",
      widths: [38, 18, 14, 15, 15],
      head: [
        t("supervision-recommendation"),
        t("supervision-owner"),
        t("supervision-level"),
        t("action-means"),
        t("supervision-due"),
      ],
      rows: actions.map((one) =>
        cells(
          one.text,
          one.who,
          t(`action-level-${one.level}`),
          one.means ?? "",
          one.done ? t("feedback-done", { day: tDay(one.done) }) : one.due ? tDay(one.due) : "",
        ),
      ),
      pen: false,
    },
  ];
}

function scores(visit: Visit): PaperBlock[] {
  return visit.lists.flatMap((one): PaperBlock[] => {
    const { score, title: name } = one;
    if (!score || !name) return [];
    const whole = [
      share(score.percent),
      score.class ? t(`visit-class-${score.class}`) : "",
      t("visit-of", { done: score.answered, count: score.asked }),
    ];
    const rows = score.sections.flatMap((section, at) => {
      const called = one.sections[at];
      return called && section.asked > 0
        ? [
            cells(
              tl(called),
              share(section.percent),
              t("visit-of", { done: section.answered, count: section.asked }),
            ),
          ]
        : [];
    });
    return [
      heading(t("feedback-scored", { name: tl(name), score: whole.filter(Boolean).join(", ") }), 2),
      {
        block: "table",
        widths: [60, 16, 24],
        head: [t("feedback-section"), t("feedback-score"), t("feedback-answered")],
        rows,
        pen: false,
      },
    ];
  });
}

/** Signatures as they were drawn, and room for those that are still to be written by pen. */
function signatures(visit: Visit): PaperBlock[] {
  const visitor = visit.visitor
    ? t("feedback-sign-visitor", { name: visit.visitor })
    : t("supervision-sign-visitor");
  const centre = visit.received
    ? t("feedback-sign-centre", { name: visit.received })
    : t("supervision-sign-centre");
  const closed = visit.state === "closed";
  const both = [
    [visitor, closed ? visit.visitor_drawn : null],
    [centre, closed ? visit.received_drawn : null],
  ] as const;
  const drawn = both.flatMap(([who, path]) => (path === null ? [] : [onPaper(path, who)]));
  const blank = both.flatMap(([who, path]): PaperBlock[] =>
    path === null ? [{ block: "pen", lines: [who] }] : [],
  );
  return [...(drawn.length > 0 ? [pictures(drawn, 2)] : []), ...blank];
}

/** What the facility keeps of a visit: critical failures first, what was recommended, the scores, room for both signatures. */
export function feedbackSheet(visit: Visit, measures: Readonly<Record<string, string>> = {}): Paper {
  const day = visit.begun ?? visit.planned;
  const name = t("feedback-name", { place: visit.place_name, day: day ? tDay(day) : "" });
  const critical = failed(visit);
  const lists = visit.lists.flatMap((one) => (one.title ? tl(one.title) : []));
  // What was done after it was closed was open then.
  const isDone = ({ done }: PlannedAction) =>
    done !== null && (visit.closed === null || done <= visit.closed);
  const closed = visit.earlier.filter(isDone);
  const open = visit.earlier.filter((one) => !isDone(one));
  const agreed = (one: PlannedAction) => t("visit-recommended", { text: one.text, who: one.who });
  return {
    name,
    landscape: false,
    blocks: [
      title(t(visit.own ? "feedback-own-title" : "feedback-title"), visit.place_name, day ? tDay(day) : ""),
      fields([
        [t("feedback-lists"), lists.join(", ")],
        [t("feedback-visitor"), visit.visitor],
        [t("feedback-note"), visit.note],
      ]),
      heading(t("feedback-critical")),
      critical.length === 0
        ? paragraph(t("feedback-no-critical"))
        : list(critical.map((one) => (one.note ? `${tl(one.text)} (${one.note})` : tl(one.text)))),
      heading(t("supervision-recommendations")),
      ...recommendations(visit.recommendations),
      ...(closed.length + open.length > 0
        ? [
            heading(t("visit-earlier")),
            {
              block: "list" as const,
              items: [
                ...closed.map((one) => ({ text: agreed(one), open: false })),
                ...open.map((one) => ({ text: agreed(one), open: true })),
              ],
            },
          ]
        : []),
      ...(visit.recounts.length > 0
        ? [
            heading(t("visit-recount")),
            list(
              visit.recounts.map((one) =>
                t("visit-recount-line", {
                  measure: measures[one.indicator] ?? one.indicator,
                  month: tMonth(one.period),
                  said: recountSaid(one),
                }),
              ),
            ),
          ]
        : []),
      heading(t("feedback-scores")),
      ...scores(visit),
      ...(typeof visit.compared?.percent === "number"
        ? [
            paragraph(
              t("visit-agreement", {
                percent: tNumber(visit.compared.percent, 0),
                alike: visit.compared.agreement.alike,
                both: visit.compared.agreement.both,
              }),
            ),
          ]
        : []),
      ...signatures(visit),
      note(
        visit.lists
          .flatMap((one) =>
            one.title
              ? t("supervision-version", { name: tl(one.title), version: numberOf(one.version) })
              : [],
          )
          .join(" "),
      ),
    ],
  };
}

/** Every answer of a visit, row by row as the blank sheet has them. */
export function filledSheet(visit: Visit): Paper {
  const day = visit.begun ?? visit.planned;
  return {
    name: t("filled-name", { place: visit.place_name, day: day ? tDay(day) : "" }),
    landscape: false,
    blocks: [
      title(t("filled-title"), visit.place_name, day ? tDay(day) : ""),
      ...visit.parts.flatMap((part): PaperBlock[] => {
        const rows = part.questions.filter(isOpen).map((one) => {
          const mark = one.mark ? t(`visit-mark-${one.mark}`) : "";
          return cells(
            one.code,
            one.critical ? t("supervision-critical-item", { item: tl(one.text) }) : tl(one.text),
            answerWord(one, one.value, listsOf(visit, one)),
            [mark, one.note ?? ""].filter(Boolean).join(". "),
          );
        });
        if (rows.length === 0) return [];
        return [
          heading(stageName(part), 2),
          {
            block: "table",
            widths: [16, 48, 14, 22],
            head: [t("supervision-code"), t("supervision-item"), t("supervision-answer"), t("visit-note")],
            rows,
            pen: false,
          },
        ];
      }),
    ],
  };
}

/** What the supervisors report of several visits, to go on writing in. */
export function missionReport(visits: readonly Visit[]): Paper {
  const days = visits.flatMap((one) => one.begun ?? []).sort();
  const [first, last] = [days[0], days.at(-1)];
  const span =
    first && last && first !== last
      ? t("mission-between", { first: tDay(first), last: tDay(last) })
      : first
        ? tDay(first)
        : "";
  return {
    name: t("mission-name", { days: span }),
    landscape: false,
    blocks: [
      title(t("mission-title"), span),
      fields([
        [t("mission-places"), visits.map((one) => one.place_name).join(", ")],
        [t("mission-team"), [...new Set(visits.flatMap((one) => one.visitor ?? []))].join(", ")],
      ]),
      heading(t("mission-whole")),
      {
        block: "table",
        widths: [34, 26, 14, 26],
        head: [t("supervision-centre"), t("feedback-lists"), t("feedback-score"), t("feedback-critical")],
        rows: visits.flatMap((one) =>
          one.lists.flatMap((list) =>
            list.title && list.score
              ? [
                  cells(
                    one.place_name,
                    tl(list.title),
                    share(list.score.percent),
                    String(list.score.critical.length),
                  ),
                ]
              : [],
          ),
        ),
        pen: false,
      },
      ...visits.flatMap((one): PaperBlock[] => {
        const critical = failed(one);
        return [
          heading(t("mission-one", { place: one.place_name, day: one.begun ? tDay(one.begun) : "" })),
          ...(one.note ? [paragraph(one.note)] : []),
          heading(t("feedback-critical"), 2),
          critical.length === 0
            ? paragraph(t("feedback-no-critical"))
            : list(critical.map((question) => tl(question.text))),
          heading(t("supervision-recommendations"), 2),
          ...recommendations(one.recommendations),
        ];
      }),
      heading(t("mission-needs")),
      ...(["district", "region"] as const).flatMap((level): PaperBlock[] => {
        const owed = visits.flatMap((one) =>
          one.recommendations
            .filter((action) => action.level === level)
            .map((action) => t("mission-owed", { place: one.place_name, text: action.text })),
        );
        return owed.length > 0 ? [heading(t(`action-level-${level}`), 2), list(owed)] : [];
      }),
      { block: "pen", lines: [t("mission-sign")] },
    ],
  };
}

/** The planned visits of several days on one page: where, with which checklists, and what is still to be done there. The discreet
 * form has no person's name, no date and nothing that was found: whoever finds it does not learn when the road is travelled, by
 * whom, or what for. */
export function circuitPlan(visits: readonly Visit[], discreet: boolean): Paper {
  const days = [...new Set(visits.map((one) => one.planned ?? one.begun ?? ""))].sort();
  const dayName = (day: string, at: number) =>
    discreet || day === "" ? t("circuit-day", { number: at + 1 }) : tDay(day);
  const row = (one: Visit): PaperRow => {
    const lists = one.lists.flatMap((list) => (list.title ? tl(list.title) : [])).join(", ");
    const open = one.earlier.filter((action) => action.done === null);
    const said = discreet
      ? t("circuit-open", { count: open.length })
      : open.map((action) => t("visit-recommended", { text: action.text, who: action.who })).join("\n");
    return cells(one.place_name, lists, said);
  };
  return {
    name: t("circuit-name"),
    landscape: false,
    unsigned: discreet,
    blocks: [
      title(t("circuit-title")),
      ...days.flatMap((day, at): PaperBlock[] => [
        heading(dayName(day, at), 2),
        {
          block: "table",
          widths: [26, 30, 44],
          head: [t("supervision-centre"), t("feedback-lists"), t("visit-earlier")],
          rows: visits.filter((one) => (one.planned ?? one.begun ?? "") === day).map(row),
          pen: true,
        },
      ]),
    ],
  };
}
