import type { AnswerType } from "../../bindings/AnswerType";
import type { Checklist } from "../../bindings/Checklist";
import type { ChecklistItem } from "../../bindings/ChecklistItem";

/** How an answer is compared. */
export type Comparison = "is" | "is_not" | "has" | "least" | "most" | "answered";

/** One thing that is asked of an earlier answer. */
export interface Test {
  code: string;
  how: Comparison;
  value: string;
}

/** When a question is asked: where all of the tests hold, or any one of them. */
export interface Condition {
  any: boolean;
  tests: readonly Test[];
}

const NAME = String.raw`\$\{([^}]+)\}`;
const VALUE = String.raw`(?:'([^']*)'|"([^"]*)")`;
const FORMS: readonly [RegExp, Comparison][] = [
  [new RegExp(`^${NAME}\\s*!=\\s*''$`, "u"), "answered"],
  [new RegExp(`^${NAME}\\s*=\\s*${VALUE}$`, "u"), "is"],
  [new RegExp(`^${NAME}\\s*!=\\s*${VALUE}$`, "u"), "is_not"],
  [new RegExp(`^selected\\(\\s*${NAME}\\s*,\\s*${VALUE}\\s*\\)$`, "u"), "has"],
  [new RegExp(`^${NAME}\\s*>=\\s*(-?[0-9.]+)$`, "u"), "least"],
  [new RegExp(`^${NAME}\\s*<=\\s*(-?[0-9.]+)$`, "u"), "most"],
];

/** The condition that a formula says, where it is one that can be picked; nothing for any other formula. */
export function read(formula: string | null): Condition | null {
  if (formula === null || formula.trim() === "") return { any: false, tests: [] };
  const parts = (word: string) => formula.split(new RegExp(`\\s+${word}\\s+`, "u"));
  const all = parts("and");
  const any = all.length === 1;
  const tests = (any ? parts("or") : all).map(test);
  if (tests.some((one) => one === null)) return null;
  return { any: any && tests.length > 1, tests: tests as Test[] };
}

function test(part: string): Test | null {
  const bare = part.trim().replace(/^\((.*)\)$/u, "$1");
  for (const [form, how] of FORMS) {
    const found = form.exec(bare);
    if (found?.[1] !== undefined) return { code: found[1], how, value: found[2] ?? found[3] ?? "" };
  }
  return null;
}

/** The formula of a condition; none where nothing is asked. */
export function write({ any, tests }: Condition): string | null {
  const parts = tests.map(({ code, how, value }) => {
    const name = `\${${code}}`;
    const said = value.includes("'") ? `"${value}"` : `'${value}'`;
    switch (how) {
      case "answered":
        return `${name} != ''`;
      case "is":
        return `${name} = ${said}`;
      case "is_not":
        return `${name} != ${said}`;
      case "has":
        return `selected(${name}, ${said})`;
      case "least":
        return `${name} >= ${value === "" ? "0" : value}`;
      case "most":
        return `${name} <= ${value === "" ? "0" : value}`;
    }
  });
  return parts.length === 0 ? null : parts.join(any ? " or " : " and ");
}

/** How answers of a type can be compared, the usual way first. */
export function comparisons(answer: AnswerType): readonly Comparison[] {
  if (answer === "yes_no" || answer === "yes_no_na") return ["is", "is_not"];
  if (answer === "whole" || answer === "number") return ["least", "most", "is"];
  if (typeof answer === "object" && "one_of" in answer) return ["is", "is_not"];
  if (typeof answer === "object" && ("several_of" in answer || "ranked" in answer)) return ["has"];
  return ["answered"];
}

/** The answers of an item that can be picked; none where one is typed. */
export function values(list: Checklist, item: ChecklistItem): readonly string[] {
  const { answer } = item;
  if (answer === "yes_no") return ["yes", "no"];
  if (answer === "yes_no_na") return ["yes", "no", "na"];
  const name = listOf(answer);
  return list.lists.find((one) => one.name === name)?.choices.map((choice) => choice.name) ?? [];
}

/** The name of the list that is chosen from. */
export function listOf(answer: AnswerType): string | null {
  if (typeof answer !== "object") return null;
  if ("one_of" in answer) return answer.one_of;
  if ("several_of" in answer) return answer.several_of;
  return "ranked" in answer ? answer.ranked : null;
}

/** What a first test of an item asks. */
export function firstTest(list: Checklist, item: ChecklistItem): Test {
  const how = comparisons(item.answer)[0] ?? "answered";
  return { code: item.code, how, value: values(list, item)[0] ?? "" };
}

/** The number that was typed, as formulas have it; nothing for what is none, or not yet. */
export function numberTyped(typed: string): string | null {
  const number = typed.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/u.test(number) ? number : null;
}

/** The least and the greatest number that a formula takes; nothing for any other formula. */
export function bounds(formula: string | null): { least: string; most: string } | null {
  if (formula === null || formula.trim() === "") return { least: "", most: "" };
  const number = "(-?[0-9]+(?:\\.[0-9]+)?)";
  const found = new RegExp(
    `^(?:\\.\\s*>=\\s*${number})?(?:\\s+and\\s+)?(?:\\.\\s*<=\\s*${number})?$`,
    "u",
  ).exec(formula.trim());
  return found ? { least: found[1] ?? "", most: found[2] ?? "" } : null;
}

/** The formula of a least and a greatest number. */
export function bounded(least: string, most: string): string | null {
  const parts = [least === "" ? null : `. >= ${least}`, most === "" ? null : `. <= ${most}`];
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(" and ");
}
