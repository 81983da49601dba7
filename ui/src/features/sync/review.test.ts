import { describe, expect, it } from "vitest";
import type { OpenValue } from "../../bindings/OpenValue";
import type { Review } from "../../bindings/Review";
import { answerOfKey, partsOf, questionsOf, thirdParts } from "./review";

let tokens = 0;
const value = (author: string, text: string, change: Partial<OpenValue> = {}): OpenValue => ({
  text,
  token: `t${(tokens += 1)}`,
  author,
  role: null,
  at: "2026-04-07T10:15",
  reason: null,
  shown: false,
  uncertain: false,
  ...change,
});
const review = (field: string, values: OpenValue[], change: Partial<Review> = {}): Review => ({
  kind: "measurement",
  record: "m1",
  field,
  label: "CPN4+",
  period: "2026-03",
  source: null,
  part: null,
  cycle: null,
  values,
  place: "CSCom de Sélingué",
  group: null,
  ...change,
});

describe("questions", () => {
  it("put numerator and denominator of one cell together, the numerator first", () => {
    const asked = questionsOf([
      review("denominator", [value("Awa", "32", { shown: true }), value("Moussa", "31")]),
      review("numerator", [value("Awa", "24", { shown: true }), value("Moussa", "22")]),
      review("title", [value("Awa", "A"), value("Moussa", "B")], { kind: "cycle", record: "c1" }),
    ]);
    expect(asked).toHaveLength(2);
    expect(asked[0]?.fields).toEqual(["numerator", "denominator"]);
    expect(asked[0]?.answers.map(({ author, texts }) => [author, texts])).toEqual([
      ["Awa", { numerator: "24", denominator: "32" }],
      ["Moussa", { numerator: "22", denominator: "31" }],
    ]);
  });

  it("read a cell whose denominator nobody disputes with the one that stands, and leave it alone", () => {
    const [asked] = questionsOf([
      review("numerator", [value("Awa", "24"), value("Moussa", "22")]),
      review("denominator", [value("Awa", "32", { shown: true })]),
    ]);
    expect(asked?.open).toEqual(["numerator"]);
    expect(asked?.answers.map(({ texts }) => texts["denominator"])).toEqual(["32", "32"]);
    expect(
      asked && partsOf(asked, asked.answers[1] as never).map(({ field, value }) => [field, value]),
    ).toEqual([["numerator", "22"]]);
  });

  it("keep the two values of one person on two laptops apart", () => {
    const [asked] = questionsOf([
      review("numerator", [value("Awa", "24"), value("Awa", "25")]),
      review("denominator", [value("Awa", "32"), value("Awa", "33")]),
    ]);
    expect(asked?.answers.map(({ texts }) => `${texts["numerator"]}/${texts["denominator"]}`)).toEqual([
      "24/32",
      "25/33",
    ]);
  });

  it("do not ask where one value stands", () => {
    expect(questionsOf([review("denominator", [value("Awa", "32")])])).toEqual([]);
  });

  it("name in each answer every value that was looked at", () => {
    const left = value("Awa", "24");
    const right = value("Moussa", "");
    const [asked] = questionsOf([review("numerator", [left, right])]);
    expect(asked && partsOf(asked, asked.answers[1] as never)).toEqual([
      { field: "numerator", value: null, seen: [left.token, right.token] },
    ]);
  });

  it("save a third value where it is open or was changed, and nowhere else", () => {
    const [asked] = questionsOf([
      review("numerator", [value("Awa", "24"), value("Moussa", "22")]),
      review("denominator", [value("Awa", "32", { shown: true })]),
    ]);
    if (!asked) throw new Error("a question");
    expect(thirdParts(asked, { numerator: 23, denominator: 32 }).map(({ field }) => field)).toEqual([
      "numerator",
    ]);
    expect(thirdParts(asked, { numerator: 23, denominator: 31 }).map(({ field }) => field)).toEqual([
      "numerator",
      "denominator",
    ]);
  });

  it("hear the arrows where there are two answers, and figures where there are more", () => {
    const two = questionsOf([review("numerator", [value("Awa", "24"), value("Moussa", "22")])])[0];
    const three = questionsOf([
      review("numerator", [value("Awa", "24"), value("Moussa", "22"), value("Fanta", "23")]),
    ])[0];
    if (!two || !three) throw new Error("questions");
    expect(answerOfKey("ArrowRight", two)?.author).toBe("Moussa");
    expect(answerOfKey("ArrowRight", three)).toBeUndefined();
    expect(answerOfKey("3", three)?.author).toBe("Fanta");
    expect(answerOfKey("x", two)).toBeUndefined();
  });
});
