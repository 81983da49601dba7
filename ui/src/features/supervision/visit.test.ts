import { expect, it } from "vitest";
import type { AnswerType } from "../../bindings/AnswerType";
import type { VisitQuestion } from "../../bindings/VisitQuestion";
import { beside, byCode, fromPaper, nextOpen } from "./visit";

const said = (text: string) => ({ fr: text, en: text });
const question = (code: string, value = "", more: Partial<VisitQuestion> = {}): VisitQuestion => ({
  key: `malaria|${code}|`,
  list: "malaria",
  item: code,
  round: "",
  code,
  text: said(code),
  hint: null,
  answer: "yes_no_na",
  offered: null,
  critical: false,
  disabled: false,
  asked: true,
  required: false,
  refused: null,
  constraint_message: null,
  value,
  note: null,
  mark: null,
  record: null,
  seen: {},
  open: [],
  before: null,
  ...more,
});
const rows = [
  question("MAL-PHA-01", "yes"),
  question("MAL-PHA-02"),
  question("MAL-CON-02", "no"),
  question("MAL-CON-10"),
];

it("goes on to the next question without an answer, and round to those that were left", () => {
  expect(nextOpen(rows, rows[1]?.key ?? null)?.code).toBe("MAL-CON-10");
  expect(nextOpen(rows, rows[3]?.key ?? null)?.code).toBe("MAL-PHA-02");
  expect(nextOpen(rows.slice(0, 1), null)).toBeNull();
  expect(beside(rows, rows[0]?.key ?? null, -1)?.code).toBe("MAL-PHA-01");
});

it("finds a row by its code in any spelling, or by an end that is one row's alone", () => {
  const found = (typed: string) => byCode(rows, typed)?.code ?? null;
  expect(found("mal-pha-02")).toBe("MAL-PHA-02");
  expect(found("con2")).toBe("MAL-CON-02");
  expect(found("10")).toBe("MAL-CON-10");
  expect(found("2")).toBeNull();
  expect(found("")).toBeNull();
});

it("reads what stands on paper as an answer", () => {
  const read = (answer: AnswerType, typed: string) =>
    fromPaper(
      question("A", "", { answer }),
      [
        {
          name: "region",
          columns: [],
          choices: [
            { name: "kayes", label: said("Kayes"), cells: [] },
            { name: "segou", label: said("Ségou"), cells: [] },
          ],
        },
      ],
      typed,
    );
  expect(["1", "o", "2", "N", "3", "s.o."].map((typed) => read("yes_no_na", typed))).toEqual([
    "yes",
    "yes",
    "no",
    "no",
    "na",
    "na",
  ]);
  expect(read({ count_of: 10 }, "7")).toBe("7/10");
  expect(read({ one_of: "region" }, "2")).toBe("segou");
  expect(read({ several_of: "region" }, "1, 2")).toBe("kayes segou");
  expect(read("whole", "12")).toBe("12");
});
