import type { AnswerType } from "../bindings/AnswerType";
import type { ChecklistItem } from "../bindings/ChecklistItem";
import type { ChecklistLine } from "../bindings/ChecklistLine";
import type { ChoiceList } from "../bindings/ChoiceList";
import type { PaperBlock } from "../bindings/PaperBlock";
import type { PaperRow } from "../bindings/PaperRow";
import type { Stop } from "../bindings/Stop";
import type { StopPart } from "../bindings/StopPart";
import { t, tl } from "./i18n.svelte";
import { heading, note, type Paper, title } from "./paper";

/** How many recommendations the sheet has room for. */
const ROOM = 6;
/** What a cell says that takes no answer. */
const NONE = "–";

/** The number of a version, as people count them: the sign behind it only tells two of one number apart. */
export const numberOf = (version: string): string => version.split("-")[0] ?? version;

/** Where a stop is. */
export const stationName = (stop: Stop): string => t(`station-${stop.station ?? "elsewhere"}`);

/** The title of a section, with the checklist that it is of where several were chosen. */
export function partName(part: StopPart, chosen: readonly ChecklistLine[]): string {
  const title = part.section ? tl(part.section) : "";
  const list = chosen.length > 1 ? chosen.find((one) => one.code === part.checklist) : undefined;
  return list ? t("supervision-part", { title, list: tl(list.title) }) : title;
}

/** Which of yes, no and not applicable answer an item. */
export function answers(of: AnswerType): { yes: boolean; na: boolean } {
  return { yes: of === "yes_no" || of === "yes_no_na", na: of === "yes_no_na" };
}

/** How many choices a question lists on paper; longer lists are looked up elsewhere. */
const LISTED = 12;

/** The choices of an item in words; none where it has none, or too many. */
function choices({ answer }: ChecklistItem, lists: readonly ChoiceList[]): string | null {
  if (typeof answer !== "object") return null;
  const name = "one_of" in answer ? answer.one_of : "several_of" in answer ? answer.several_of : null;
  const list = lists.find((one) => one.name === name);
  if (list === undefined || list.choices.length > LISTED) return null;
  return list.choices.map((choice) => tl(choice.label)).join(" / ");
}

/** What an item asks, with the word for what no other answer outweighs, and its choices. */
export function asks(item: ChecklistItem, lists: readonly ChoiceList[] = []): string {
  const text = item.critical ? t("supervision-critical-item", { item: tl(item.text) }) : tl(item.text);
  const listed = choices(item, lists);
  return listed === null ? text : `${text} (${listed})`;
}

/** The questions of a stop as a table: boxes where any is answered by yes or no, else one column for whatever is answered. */
function table(stop: Stop, chosen: readonly ChecklistLine[], lists: readonly ChoiceList[]): PaperBlock {
  const items = stop.parts.flatMap((part) => part.items);
  const boxes = items.some((item) => answers(item.answer).yes);
  const row = (item: ChecklistItem): PaperRow => {
    const { yes, na } = answers(item.answer);
    const box = (open: boolean) => (open ? "" : NONE);
    const ticked = boxes ? [box(yes), box(yes), box(na)] : [];
    return { row: "cells", cells: [item.code, asks(item, lists), ...ticked, ""] };
  };
  return {
    block: "table",
    widths: boxes ? [15, 50, 6, 6, 6, 17] : [15, 50, 35],
    head: [
      t("supervision-code"),
      t("supervision-item"),
      ...(boxes ? [t("supervision-yes"), t("supervision-no"), t("supervision-na")] : []),
      t(boxes ? "supervision-remark" : "supervision-answer"),
    ],
    rows: stop.parts.flatMap((part): PaperRow[] => [
      ...(part.section ? [{ row: "span" as const, cells: partName(part, chosen) }] : []),
      ...part.items.map(row),
    ]),
    pen: true,
  };
}

/** The blank sheet of a visit: the walk through the facility, a row a question with its code, then what is recommended. */
export function blankSheet(
  chosen: readonly ChecklistLine[],
  stops: readonly Stop[],
  lists: readonly ChoiceList[] = [],
): Paper {
  const names = chosen.map((one) => tl(one.title)).join(", ");
  const versions = chosen.map((one) =>
    t("supervision-version", { name: tl(one.title), version: numberOf(one.version) }),
  );
  // Where nothing says in which place it is asked, there is one stop, which needs no name.
  const walk = stops.flatMap((stop): PaperBlock[] => [
    ...(stop.station !== null || stops.length > 1 ? [heading(stationName(stop))] : []),
    table(stop, chosen, lists),
  ]);
  return {
    name: t("supervision-sheet", { names }),
    landscape: false,
    blocks: [
      title(t("supervision-sheet-title"), names),
      { block: "pen", lines: [t("supervision-centre"), t("supervision-day")] },
      note(t("supervision-how")),
      ...walk,
      heading(t("supervision-recommendations")),
      {
        block: "table",
        widths: [43, 22, 18, 17],
        head: [
          t("supervision-recommendation"),
          t("supervision-owner"),
          t("supervision-level"),
          t("supervision-due"),
        ],
        rows: Array.from({ length: ROOM }, (): PaperRow => ({ row: "cells", cells: ["", "", "", ""] })),
        pen: true,
      },
      { block: "pen", lines: [t("supervision-sign-visitor")] },
      { block: "pen", lines: [t("supervision-sign-centre")] },
      note(versions.join(" ")),
    ],
  };
}
