import type { AnswerType } from "../../bindings/AnswerType";
import type { Checklist } from "../../bindings/Checklist";
import type { ChecklistItem } from "../../bindings/ChecklistItem";
import type { ChecklistSection } from "../../bindings/ChecklistSection";
import type { Choice } from "../../bindings/Choice";
import type { Scoring } from "../../bindings/Scoring";
import { listOf } from "./condition";

/** What stands in hand: a section by its place, an item by its code, or the checklist as a whole. */
export type InHand = { section: number } | { item: string } | null;

/** The number after the greatest behind any of these names: what was called so once, in a visit that was made, stays alone in it. */
function next(start: string, ever: Iterable<string>): string {
  const form = new RegExp(`^${start}(\\d{1,9})(?!\\d)`, "iu");
  let number = 0;
  for (const name of ever) number = Math.max(number, Number(form.exec(name)?.[1] ?? 0));
  return `${start}${number + 1}`;
}

/** Every name in a checklist. */
export const names = (list: Checklist): string[] => [
  ...list.sections.map((section) => section.key),
  ...list.items.map((item) => item.code),
  ...list.lists.flatMap((one) => one.choices.map((choice) => choice.name)),
];

/** Names that were given once, beside those that stand in the checklist. */
export type Taken = Iterable<string>;

const freeCode = (list: Checklist, taken: Taken) => next("Q", [...names(list), ...taken]);

/** The items of a section, in their order. */
export const itemsOf = (list: Checklist, section: number | null): ChecklistItem[] =>
  list.items.filter((item) => item.section === section);

export function emptyItem(code: string, section: number | null): ChecklistItem {
  return {
    code,
    section,
    text: { fr: "", en: "" },
    hint: null,
    answer: "yes_no_na",
    weight: 1,
    critical: false,
    required: null,
    relevant: null,
    constraint: null,
    constraint_message: null,
    calculation: null,
    default: null,
    choice_filter: null,
    shared: null,
    disabled: false,
  };
}

/** Puts an item behind another one, or at the end of its section. */
export function putItem(list: Checklist, item: ChecklistItem, behind: string | null): Checklist {
  const items = [...list.items];
  const at = items.findIndex((one) => one.code === behind);
  const last = items.findLastIndex((one) => one.section === item.section);
  // The first of a section stands behind all of the sections before it.
  const before = items.findLastIndex((one) => (one.section ?? -1) < (item.section ?? -1));
  const place = at >= 0 ? at : last >= 0 ? last : before;
  items.splice(place + 1, 0, item);
  return { ...list, items };
}

export function addItem(
  list: Checklist,
  section: number | null,
  behind: string | null,
  taken: Taken = [],
): [Checklist, string] {
  const code = freeCode(list, taken);
  const like = list.items.find((item) => item.code === behind);
  const item = emptyItem(code, section);
  // What follows is mostly answered alike.
  if (like && (like.answer === "yes_no" || like.answer === "yes_no_na")) item.answer = like.answer;
  return [putItem(list, item, behind), code];
}

/** The same question once more, with a list of its own. */
export function doubleItem(list: Checklist, code: string, taken: Taken = []): [Checklist, string] {
  const item = list.items.find((one) => one.code === code);
  if (!item) return [list, code];
  const copy = freeCode(list, taken);
  const own = list.lists.find((one) => one.name === listOf(item.answer));
  const name = own && freeList(list, copy);
  const answer = name === undefined ? item.answer : chosenFrom(item.answer, name);
  const lists = own && name !== undefined ? [...list.lists, { ...own, name }] : list.lists;
  return [{ ...putItem(list, { ...item, code: copy, answer, shared: null }, code), lists }, copy];
}

/** The same way of choosing, from another list. */
function chosenFrom(answer: AnswerType, name: string): AnswerType {
  if (typeof answer !== "object" || "count_of" in answer) return answer;
  if ("one_of" in answer) return { one_of: name };
  return "several_of" in answer ? { several_of: name } : { ranked: name };
}

/** A name for the list of an item. */
function freeList(list: Checklist, code: string): string {
  let name = `${code}_choix`;
  while (list.lists.some((one) => one.name === name)) name = `${name}_2`;
  return name;
}

export const removeItem = (list: Checklist, code: string): Checklist =>
  tidied({ ...list, items: list.items.filter((item) => item.code !== code) });

export function changeItem(list: Checklist, code: string, change: Partial<ChecklistItem>): Checklist {
  return { ...list, items: list.items.map((item) => (item.code === code ? { ...item, ...change } : item)) };
}

export function changeSection(list: Checklist, at: number, change: Partial<ChecklistSection>): Checklist {
  return {
    ...list,
    sections: list.sections.map((section, place) => (place === at ? { ...section, ...change } : section)),
  };
}

export function addSection(list: Checklist, taken: Taken = []): [Checklist, number] {
  const key = next("s", [...names(list), ...taken]);
  const section: ChecklistSection = {
    key,
    title: { fr: "", en: "" },
    within: null,
    station: null,
    relevant: null,
    rounds: null,
  };
  return [{ ...list, sections: [...list.sections, section] }, list.sections.length];
}

/** Whether a section is another one, or stands in it. */
function isWithin(list: Checklist, section: number | null, other: number): boolean {
  for (let at = section; at !== null; at = list.sections[at]?.within ?? null) if (at === other) return true;
  return false;
}

/** Without a section, the sections in it and everything that they ask. */
export function removeSection(list: Checklist, at: number): Checklist {
  const kept = list.sections.map((_, place) => place).filter((place) => !isWithin(list, place, at));
  const items = list.items.filter((item) => item.section === null || kept.includes(item.section));
  return tidied(inOrder({ ...list, items }, kept));
}

/** The checklist with these of its sections, in this order. */
function inOrder(list: Checklist, order: readonly number[]): Checklist {
  const moved = (at: number | null) => (at === null ? null : order.indexOf(at));
  return {
    ...list,
    sections: order.flatMap((at) => {
      const section = list.sections[at];
      return section ? [{ ...section, within: moved(section.within) }] : [];
    }),
    items: list.items.map((item) => ({ ...item, section: moved(item.section) })),
  };
}

/** Moves a section, with the sections in it, before the one beside it. */
export function moveSection(list: Checklist, at: number, by: 1 | -1): Checklist {
  const within = list.sections[at]?.within ?? null;
  const beside = list.sections
    .map((_, place) => place)
    .filter((place) => list.sections[place]?.within === within);
  const other = beside[beside.indexOf(at) + by];
  if (other === undefined) return list;
  const [first, second] = by > 0 ? [at, other] : [other, at];
  const parts = (of: number) =>
    list.sections.map((_, place) => place).filter((place) => isWithin(list, place, of));
  const [one, two] = [parts(first), parts(second)];
  const rest = list.sections
    .map((_, place) => place)
    .filter((place) => !one.includes(place) && !two.includes(place));
  const order = rest
    .filter((place) => place < first)
    .concat(
      two,
      one,
      rest.filter((place) => place > first),
    );
  const items = [...list.items];
  const inside = (of: number) => items.filter((item) => isWithin(list, item.section, of));
  const [ones, twos] = [inside(first), inside(second)];
  const start = items.findIndex((item) => ones.includes(item) || twos.includes(item));
  const others = items.filter((item) => !ones.includes(item) && !twos.includes(item));
  if (start >= 0) others.splice(start, 0, ...twos, ...ones);
  return inOrder({ ...list, items: others }, order);
}

/** Moves an item by one place; past the end of its section, into the next one. */
export function moveItem(list: Checklist, code: string, by: 1 | -1): Checklist {
  const item = list.items.find((one) => one.code === code);
  if (!item) return list;
  const own = itemsOf(list, item.section);
  const other = own[own.indexOf(item) + by];
  if (other) return placeItem(list, code, other.code, by > 0);
  const section = (item.section ?? -1) + by;
  if (section < 0 || section >= list.sections.length) return list;
  const there = itemsOf(list, section);
  const beside = by > 0 ? there[0] : there.at(-1);
  if (beside) return placeItem(list, code, beside.code, by < 0);
  const rest = { ...list, items: list.items.filter((one) => one.code !== code) };
  return putItem(rest, { ...item, section }, null);
}

/** Puts an item before or behind another one, in that one's section. */
export function placeItem(list: Checklist, code: string, beside: string, behind: boolean): Checklist {
  const item = list.items.find((one) => one.code === code);
  const other = list.items.find((one) => one.code === beside);
  if (!item || !other || item === other) return list;
  const items = list.items.filter((one) => one !== item);
  items.splice(items.indexOf(other) + (behind ? 1 : 0), 0, { ...item, section: other.section });
  return { ...list, items };
}

/** Puts an item at the end of a section. */
export function intoSection(list: Checklist, code: string, section: number): Checklist {
  const item = list.items.find((one) => one.code === code);
  if (!item) return list;
  const rest = { ...list, items: list.items.filter((one) => one.code !== code) };
  return putItem(rest, { ...item, section }, null);
}

/** The kinds of answers, as a person chooses among them. */
export const KINDS = [
  "yes_no_na",
  "yes_no",
  "count_of",
  "whole",
  "number",
  "one_of",
  "several_of",
  "text",
  "date",
  "time",
  "moment",
  "photo",
  "point",
  "confirmed",
  "note",
] as const;
export type KindOfAnswer = (typeof KINDS)[number] | "ranked" | "calculated";

export const kindOf = (answer: AnswerType): KindOfAnswer =>
  typeof answer === "string" ? answer : (Object.keys(answer)[0] as KindOfAnswer);

/** Whether it counts for the score. */
export const isScored = (answer: AnswerType): boolean =>
  answer === "yes_no" || answer === "yes_no_na" || (typeof answer === "object" && "count_of" in answer);

/** An item with another kind of answer: what the old one had and the new one cannot have goes. */
export function answeredBy(list: Checklist, code: string, kind: KindOfAnswer, taken: Taken = []): Checklist {
  const item = list.items.find((one) => one.code === code);
  if (!item || kindOf(item.answer) === kind) return list;
  const known = listOf(item.answer);
  let { lists } = list;
  let answer: AnswerType;
  if (kind === "one_of" || kind === "several_of" || kind === "ranked") {
    const name = known ?? freeList(list, code);
    if (!lists.some((one) => one.name === name)) {
      const first = freeChoice(list, taken);
      const choices = [first, freeChoice(list, [...taken, first])].map(emptyChoice);
      lists = [...lists, { name, columns: [], choices }];
    }
    answer = chosenFrom({ [kind]: name } as AnswerType, name);
  } else if (kind === "count_of") {
    answer = { count_of: 10 };
  } else {
    answer = kind;
  }
  const scored = isScored(answer);
  const critical = item.critical && (answer === "yes_no" || answer === "yes_no_na");
  const numbers = kind === "whole" || kind === "number";
  return tidied({
    ...changeItem(list, code, {
      answer,
      critical,
      weight: scored ? Math.max(item.weight, isScored(item.answer) ? 0 : 1) : 0,
      constraint: numbers && (item.answer === "whole" || item.answer === "number") ? item.constraint : null,
      default: null,
      choice_filter: null,
      disabled: false,
    }),
    lists,
  });
}

export const emptyChoice = (name: string): Choice => ({ name, label: { fr: "", en: "" }, cells: [] });

export function changeChoices(list: Checklist, name: string, choices: readonly Choice[]): Checklist {
  return {
    ...list,
    lists: list.lists.map((one) => (one.name === name ? { ...one, choices: [...choices] } : one)),
  };
}

export const freeChoice = (list: Checklist, taken: Taken = []): string =>
  next("c", [...names(list), ...taken]);

/** Without lists from which nothing is chosen, and parts of the score that are gone. */
function tidied(list: Checklist): Checklist {
  const used = new Set(list.items.map((item) => listOf(item.answer)));
  const lists = list.lists.filter((one) => used.has(one.name));
  return { ...list, lists, scoring: scoredBy(list) };
}

function scoredBy(list: Checklist): Scoring {
  if (list.scoring === "pooled") return list.scoring;
  const parts = list.scoring.parts.filter(({ of }) =>
    "section" in of
      ? list.sections.some((section) => section.key === of.section)
      : list.items.some((item) => item.code === of.item),
  );
  return parts.length > 0 ? { parts } : "pooled";
}
