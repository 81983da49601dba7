import type { AnswerType } from "../../bindings/AnswerType";
import type { ChoiceList } from "../../bindings/ChoiceList";
import type { Visit } from "../../bindings/Visit";
import type { VisitPart } from "../../bindings/VisitPart";
import type { VisitQuestion } from "../../bindings/VisitQuestion";
import { parseDay, typedDay } from "../../lib/dates";
import { t, tDay, tl, tNumber } from "../../lib/i18n.svelte";

/** Whether a question waits for a person's answer now. */
export const isOpen = (one: VisitQuestion): boolean =>
  one.asked && !one.disabled && one.answer !== "note" && one.answer !== "calculated";

/** Every question that is asked now, in the order of the walk. */
export const asked = (visit: Visit): VisitQuestion[] =>
  visit.parts.flatMap((part) => part.questions).filter((one) => one.asked);

/** The next question without an answer that is taken, from one on, going round; null when there is none. */
export function nextOpen(questions: readonly VisitQuestion[], from: string | null): VisitQuestion | null {
  const at = questions.findIndex((one) => one.key === from);
  const round = [...questions.slice(at + 1), ...questions.slice(0, at + 1)];
  return round.find((one) => isOpen(one) && (one.value === "" || one.refused !== null)) ?? null;
}

/** A question beside another one in the order of the walk. */
export function beside(
  questions: readonly VisitQuestion[],
  from: string | null,
  by: number,
): VisitQuestion | null {
  const open = questions.filter(isOpen);
  const at = open.findIndex((one) => one.key === from);
  return open[Math.min(Math.max(at + by, 0), open.length - 1)] ?? null;
}

/** A part of the walk as the list beside it shows it. */
export interface Stage {
  name: string;
  first: string;
  keys: ReadonlySet<string>;
  count: number;
  done: number;
}

/** The parts of the walk: a section each, several sections of one name at one stop together. */
export function stages(visit: Visit): Stage[] {
  const found: Stage[] = [];
  for (const part of visit.parts) {
    const open = part.questions.filter(isOpen);
    const first = open[0];
    if (first === undefined) continue;
    found.push({
      name: stageName(part),
      first: first.key,
      keys: new Set(open.map((one) => one.key)),
      count: open.length,
      done: open.filter((one) => one.value !== "" && one.refused === null).length,
    });
  }
  return found;
}

export const stageName = (part: VisitPart): string =>
  part.section ? tl(part.section) : t(`station-${part.station ?? "elsewhere"}`);

const bare = (code: string) =>
  code
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
/** A code without its signs and the zeros before its numbers: « LAB-03 » and « lab 3 » are the same. */
const plain = (code: string) =>
  bare(code)
    .replaceAll(/(\p{L})(\p{N})/gu, "$1 $2")
    .split(" ")
    .map((word) => (/^\d+$/u.test(word) ? String(Number(word)) : word))
    .join(" ");

/** The question of a row's code, or of the end of one that no other row ends with; null for none, or for several. */
export function byCode(questions: readonly VisitQuestion[], typed: string): VisitQuestion | null {
  const code = plain(typed);
  if (code === "") return null;
  const open = questions.filter(isOpen);
  const same = open.filter((one) => plain(one.code) === code);
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const ends = open.filter((one) => ` ${plain(one.code)}`.endsWith(` ${code}`));
  return ends.length === 1 ? (ends[0] ?? null) : null;
}

const YES = new Set(["1", "o", "oui", "y", "yes"]);
const NO = new Set(["2", "n", "non", "no"]);
const NA = new Set(["3", "s", "so", "s.o.", "na", "n/a"]);

/** An answer as it is typed. */
export function shown(one: VisitQuestion): string {
  const { answer, value } = one;
  if (value === "") return "";
  if (answer === "date") return typedDay(value);
  if (answer === "moment") return `${typedDay(value.slice(0, 10))} ${value.slice(11)}`;
  if (countOf(answer) !== null) return value.split("/")[0] ?? "";
  return answer === "number" ? value.replace(".", ",") : value;
}

/** What a typed text is as an answer; null while it cannot be one. */
export function meant(one: VisitQuestion, typed: string, today: string): string | null {
  const text = typed.trim();
  const { answer } = one;
  if (text === "") return "";
  if (answer === "date") return parseDay(text, today);
  if (answer === "moment") {
    const [, day = "", hour = "", minute = ""] = /^(.*\S)[\sT]+(\d{1,2})[:hH](\d{2})$/u.exec(text) ?? [];
    const known = parseDay(day, today);
    return known === null ? null : `${known}T${hour.padStart(2, "0")}:${minute}`;
  }
  if (answer === "number") return text.replaceAll(/[\s\u00a0\u202f]/gu, "").replace(",", ".");
  const of = countOf(answer);
  return of !== null && !text.includes("/") ? `${text}/${String(of)}` : text;
}

/** Keys pressed faster than what they save comes back. Each is read only when what the one before it did stands on the screen;
 * after one that was stopped, those that waited behind it are dropped. */
export class Presses {
  #line: Promise<unknown> = Promise.resolve();
  #round = 0;
  #waiting = 0;

  /** Whether one is still being worked on. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Does what a press asks for in its turn; `turn` answers whether those behind it still mean something. */
  press(turn: () => boolean | Promise<boolean>): Promise<void> {
    const round = this.#round;
    this.#waiting += 1;
    const done = this.#line.then(async () => {
      try {
        if (round === this.#round && !(await turn())) this.#round += 1;
      } finally {
        this.#waiting -= 1;
      }
    });
    this.#line = done.catch(() => (this.#round += 1));
    return done;
  }
}

/** What is typed from paper as an answer: 1, 2 and 3, or the first letters; a choice by its number, a day as people write it. */
export function fromPaper(
  one: VisitQuestion,
  lists: readonly ChoiceList[],
  typed: string,
  today: string,
): string {
  const text = typed.trim();
  const word = text.toLowerCase();
  if (one.answer === "yes_no" || one.answer === "yes_no_na") {
    if (YES.has(word)) return "yes";
    if (NO.has(word)) return "no";
    return NA.has(word) ? "na" : text;
  }
  if (one.answer === "confirmed" && YES.has(word)) return "OK";
  if (["date", "moment", "number"].includes(String(one.answer))) return meant(one, text, today) ?? text;
  const count = countOf(one.answer);
  if (count !== null && /^\d+$/u.test(text)) return `${text}/${String(count)}`;
  const choices = choicesOf(one, lists);
  const numbered = text.split(/[\s,;]+/u).map((part) => choices[Number(part) - 1]?.name ?? part);
  return choices.length > 0 ? numbered.join(" ") : text;
}

/** Of how many an answer counts; null for any other. */
export const countOf = (answer: AnswerType): number | null =>
  typeof answer === "object" && "count_of" in answer ? answer.count_of : null;

/** The choices that a question offers now. */
export function choicesOf(one: VisitQuestion, lists: readonly ChoiceList[]) {
  const { answer } = one;
  if (typeof answer !== "object" || "count_of" in answer) return [];
  const name =
    "one_of" in answer ? answer.one_of : "several_of" in answer ? answer.several_of : answer.ranked;
  const list = lists.find((known) => known.name === name);
  return (list?.choices ?? []).filter((choice) => one.offered?.includes(choice.name) ?? true);
}

/** The lists that a question of a visit chooses from. */
export const listsOf = (visit: Visit, one: VisitQuestion): readonly ChoiceList[] =>
  visit.lists.find((list) => list.code === one.list)?.choices ?? visit.lists.flatMap((list) => list.choices);

/** An answer in words. */
export function answerWord(one: VisitQuestion, value: string, lists: readonly ChoiceList[]): string {
  switch (value) {
    case "":
      return "";
    case "yes":
      return t("visit-yes");
    case "no":
      return t("visit-no");
    case "na":
      return t("visit-na");
    default:
      break;
  }
  if (one.answer === "whole" || one.answer === "number") return tNumber(Number(value), 6);
  if (one.answer === "date") return tDay(value);
  if (one.answer === "photo") return t("visit-photo-there");
  const choices = choicesOf(one, lists);
  if (choices.length === 0) return value;
  return value
    .split(" ")
    .map((name) => tl(choices.find((choice) => choice.name === name)?.label ?? { fr: name, en: name }))
    .join(", ");
}
