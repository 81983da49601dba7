import { expect, it } from "vitest";
import type { AnswerType } from "../../bindings/AnswerType";
import type { Visit } from "../../bindings/Visit";
import type { VisitQuestion } from "../../bindings/VisitQuestion";
import { circuitPlan } from "./feedback";
import { beside, byCode, fromPaper, meant, nextOpen, Presses, shown } from "./visit";

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
      "2026-08-12",
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
  expect(read("date", "12/08/2026")).toBe("2026-08-12");
  expect(read("moment", "12/08/2026 8:30")).toBe("2026-08-12T08:30");
});

it("finds no row by a code that two checklists have", () => {
  const twice = [...rows, question("MAL-PHA-02", "", { key: "other|MAL-PHA-02|", list: "other" })];
  expect(byCode(twice, "mal-pha-02")).toBeNull();
});

it("shows an answer as it is typed, and reads it back as the same", () => {
  for (const [answer, value, typed] of [
    ["date", "2026-08-12", "12/08/2026"],
    ["moment", "2026-08-12T08:30", "12/08/2026 08:30"],
    ["number", "2.5", "2,5"],
    [{ count_of: 10 }, "7/10", "7"],
    ["text", "rien", "rien"],
  ] as const) {
    const one = question("A", value, { answer });
    expect(shown(one)).toBe(typed);
    expect(meant(one, typed, "2026-08-12")).toBe(value);
  }
  expect(meant(question("A", "2.5", { answer: "number" }), "2.5", "2026-08-12")).toBe("2.5");
  expect(meant(question("A", "", { answer: "date" }), "12/", "2026-08-12")).toBeNull();
});

it("reads each of two fast presses by the question that stands there in its turn", async () => {
  const presses = new Presses();
  const answers: Record<number, string> = {};
  let at = 0;
  const press = (key: string) =>
    presses.press(async () => {
      answers[at] = key;
      await new Promise((done) => setTimeout(done, 5));
      at += 1;
      return true;
    });
  const first = press("1");
  const second = press("2");
  expect(presses.busy).toBe(true);
  await Promise.all([first, second]);
  expect(answers).toEqual({ 0: "1", 1: "2" });
  expect(presses.busy).toBe(false);
});

it("drops what was pressed behind an answer that was stopped, and takes what is pressed after", async () => {
  const presses = new Presses();
  const did: string[] = [];
  const press = (key: string, on: boolean) =>
    presses.press(() => {
      did.push(key);
      return on;
    });
  await Promise.all([press("2", false), press("1", true)]);
  const fault = presses.press(() => Promise.reject(new Error("no")));
  const behind = press("behind a fault", true);
  await expect(fault).rejects.toThrow("no");
  await behind;
  await press("R", true);
  expect(did).toEqual(["2", "R"]);
});

it("puts neither a name, nor a day, nor what was found on a discreet circuit", () => {
  const action = { text: "Réparer la glacière", who: "Issa Coulibaly", done: null };
  const visit = {
    place_name: "CSCom de Carrière",
    planned: "2026-08-12",
    begun: null,
    lists: [],
    earlier: [action, { ...action, done: "2026-08-01" }],
  } as unknown as Visit;
  const paper = circuitPlan([visit], true);
  expect(paper.unsigned).toBe(true);
  const said = JSON.stringify(paper);
  expect(said).toContain("1 recommandation ouverte");
  for (const hidden of ["glacière", "Coulibaly", "2026", "août"]) expect(said).not.toContain(hidden);
  expect(JSON.stringify(circuitPlan([visit], false))).toContain("glacière");
});
