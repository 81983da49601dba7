import { expect, it } from "vitest";
import type { AnswerType } from "../bindings/AnswerType";
import type { ChecklistItem } from "../bindings/ChecklistItem";
import type { ChecklistLine } from "../bindings/ChecklistLine";
import type { Stop } from "../bindings/Stop";
import { blankSheet } from "./checklist";

const said = (text: string) => ({ fr: text, en: text });
const item = (code: string, answer: AnswerType, critical = false) =>
  ({ code, text: said(`Question ${code}`), answer, critical }) as ChecklistItem;
const list: ChecklistLine = {
  code: "malaria",
  version: "1",
  title: said("Paludisme"),
  items: 3,
  critical: 1,
  place: null,
};
const stops: Stop[] = [
  {
    station: "pharmacy",
    parts: [
      {
        checklist: "malaria",
        section: said("Stock"),
        items: [item("A-1", "yes_no_na", true), item("A-2", "yes_no"), item("A-3", "whole")],
      },
    ],
  },
];

it("leaves room for each answer that there is, and for no other", () => {
  const table = blankSheet([list], stops).blocks.find((block) => block.block === "table");
  expect(table?.rows).toEqual([
    { row: "span", cells: "Stock" },
    { row: "cells", cells: ["A-1", "Question A-1 (critique)", "", "", "", ""] },
    { row: "cells", cells: ["A-2", "Question A-2", "", "", "–", ""] },
    { row: "cells", cells: ["A-3", "Question A-3", "–", "–", "–", ""] },
  ]);
});

it("ends with recommendations, both signatures and the version that was printed", () => {
  const printed = blankSheet([list], stops).blocks;
  const kinds = printed.slice(-5).map((block) => block.block);
  expect(kinds).toEqual(["heading", "table", "pen", "pen", "note"]);
  expect(JSON.stringify(printed.at(-1))).toContain("version 1");
});

it("says of which checklist a section is where several were chosen", () => {
  const other: ChecklistLine = { ...list, code: "fp", title: said("Planification familiale") };
  const printed = JSON.stringify(blankSheet([list, other], stops).blocks);
  expect(printed).toContain("Stock (Paludisme)");
});
