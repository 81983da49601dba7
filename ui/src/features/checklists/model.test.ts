import { expect, it } from "vitest";
import type { Checklist } from "../../bindings/Checklist";
import {
  addItem,
  addSection,
  answeredBy,
  changeItem,
  doubleItem,
  freeChoice,
  intoSection,
  moveItem,
  moveSection,
  removeItem,
  removeSection,
} from "./model";

const empty: Checklist = {
  code: "x",
  version: "",
  title: { fr: "", en: "" },
  area: null,
  sections: [],
  items: [],
  lists: [],
  scoring: "pooled",
  bands: { good: 80, fair: 50 },
};

/** Two parts: Q1 and Q2 in the first, Q3 in the second. */
function two(): Checklist {
  let [list] = addSection(empty);
  [list] = addItem(list, 0, null);
  [list] = addItem(list, 0, "Q1");
  [list] = addSection(list);
  [list] = addItem(list, 1, null);
  return list;
}
const shape = (list: Checklist) =>
  list.items.map(
    (item) => `${item.section === null ? "" : (list.sections[item.section]?.key ?? "?")} ${item.code}`,
  );

it("puts questions where the person is", () => {
  expect(shape(two())).toEqual(["s1 Q1", "s1 Q2", "s2 Q3"]);
  const [list, code] = addItem(two(), 0, "Q1");
  expect([code, ...shape(list)]).toEqual(["Q4", "s1 Q1", "s1 Q4", "s1 Q2", "s2 Q3"]);
  const [doubled] = doubleItem(two(), "Q1");
  expect(shape(doubled)).toEqual(["s1 Q1", "s1 Q4", "s1 Q2", "s2 Q3"]);
});

it("never gives a name twice, whatever was called so before", () => {
  const fewer = removeItem(two(), "Q3");
  expect(addItem(fewer, 1, null, ["Q3", "q7"])[1]).toBe("Q8");
  expect(doubleItem(fewer, "Q1", ["Q3"])[1]).toBe("Q4");
  const [list] = addSection(removeSection(two(), 1), ["s2"]);
  expect(list.sections.map((section) => section.key)).toEqual(["s1", "s3"]);
  const chosen = answeredBy(two(), "Q1", "one_of", ["c4"]);
  expect(chosen.lists[0]?.choices.map((choice) => choice.name)).toEqual(["c5", "c6"]);
  expect(freeChoice(chosen, ["c4"])).toBe("c7");
});

it("doubles a question with a list of its own", () => {
  const [list, copy] = doubleItem(answeredBy(two(), "Q1", "several_of"), "Q1");
  const [before, after] = ["Q1", copy].map((code) => list.items.find((item) => item.code === code)?.answer);
  expect(before).toEqual({ several_of: "Q1_choix" });
  expect(after).toEqual({ several_of: `${copy}_choix` });
  expect(list.lists[1]?.choices).toEqual(list.lists[0]?.choices);
});

it("scores by no part that is gone", () => {
  const parts = [
    { of: { section: "s1" }, weight: 1 },
    { of: { item: "Q3" }, weight: 2 },
  ];
  const list: Checklist = { ...two(), scoring: { parts } };
  expect(removeItem(list, "Q3").scoring).toEqual({ parts: parts.slice(0, 1) });
  expect(removeSection(removeItem(list, "Q3"), 0).scoring).toBe("pooled");
});

it("moves questions within their part, and past its end into the next", () => {
  expect(shape(moveItem(two(), "Q2", -1))).toEqual(["s1 Q2", "s1 Q1", "s2 Q3"]);
  expect(shape(moveItem(two(), "Q2", 1))).toEqual(["s1 Q1", "s2 Q2", "s2 Q3"]);
  expect(shape(moveItem(two(), "Q3", -1))).toEqual(["s1 Q1", "s1 Q2", "s1 Q3"]);
  expect(shape(moveItem(two(), "Q1", -1))).toEqual(shape(two()));
  expect(shape(intoSection(two(), "Q1", 1))).toEqual(["s1 Q2", "s2 Q3", "s2 Q1"]);
});

it("moves parts with all that they ask, and removes them so", () => {
  expect(shape(moveSection(two(), 0, 1))).toEqual(["s2 Q3", "s1 Q1", "s1 Q2"]);
  expect(moveSection(two(), 0, -1)).toEqual(two());
  const left = removeSection(two(), 0);
  expect([left.sections.length, ...shape(left)]).toEqual([1, "s2 Q3"]);
});

it("gives choices to what is chosen from, and takes back what no answer can have", () => {
  let list = changeItem(two(), "Q1", { critical: true, weight: 3 });
  list = answeredBy(list, "Q1", "one_of");
  expect(list.lists[0]?.choices.length).toBe(2);
  expect([list.items[0]?.critical, list.items[0]?.weight]).toEqual([false, 0]);
  list = answeredBy(list, "Q1", "whole");
  expect(list.lists).toEqual([]);
  expect(removeItem(answeredBy(two(), "Q1", "several_of"), "Q1").lists).toEqual([]);
});
