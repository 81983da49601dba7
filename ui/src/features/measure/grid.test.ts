import { describe, expect, it } from "vitest";
import { gridOf, indicator } from "../../test/fixtures";
import {
  alongLine,
  editsBetween,
  editsOf,
  layBlock,
  lineOfCode,
  linesOf,
  nextEntry,
  previousEntry,
  readBlock,
  typedForm,
} from "./grid";

const rows = gridOf(["A", "B"]).rows;
const lines = linesOf(rows);

describe("the way through the grid", () => {
  it("goes down the month, then to the top of the next", () => {
    expect(nextEntry({ line: 0, col: 1 }, 4, 3)).toEqual({ line: 1, col: 1 });
    expect(nextEntry({ line: 3, col: 1 }, 4, 3)).toEqual({ line: 0, col: 2 });
    expect(nextEntry({ line: 3, col: 2 }, 4, 3)).toBeNull();
    expect(previousEntry({ line: 0, col: 1 }, 4)).toEqual({ line: 3, col: 0 });
    expect(previousEntry({ line: 0, col: 0 }, 4)).toBeNull();
  });

  it("goes along a line, then to the next, and leaves at the ends", () => {
    expect(alongLine({ line: 0, col: 2 }, 1, 4, 3)).toEqual({ line: 1, col: 0 });
    expect(alongLine({ line: 0, col: 0 }, -1, 4, 3)).toBeNull();
    expect(alongLine({ line: 3, col: 2 }, 1, 4, 3)).toBeNull();
  });

  it("has one line for a count and two for a proportion", () => {
    const count = { ...rows[0], indicator: indicator("C", { denominator: null, kind: "count" as const }) };
    expect(linesOf([count as (typeof rows)[number], ...rows])).toEqual([
      { row: 0, part: "numerator" },
      { row: 1, part: "numerator" },
      { row: 1, part: "denominator" },
      { row: 2, part: "numerator" },
      { row: 2, part: "denominator" },
    ]);
  });
});

describe("a pasted block", () => {
  it("is read as spreadsheets write it", () => {
    expect(readBlock("18\t21\r\n31\t30\r\n")).toEqual([
      ["18", "21"],
      ["31", "30"],
    ]);
    expect(readBlock("18\t\n\t30")).toEqual([
      ["18", ""],
      ["", "30"],
    ]);
  });

  it("lies from the cell on, and tells what falls outside", () => {
    const { changes, outside } = layBlock(readBlock("1\t2\t3\n4\t5\t6"), { line: 3, col: 1 }, lines, rows);
    expect(changes.map(({ indicator: code, period, part, typed }) => [code, period, part, typed])).toEqual([
      ["B", "2026-09", "denominator", "1"],
      ["B", "2026-10", "denominator", "2"],
    ]);
    expect(outside).toBe(4);
  });

  it("becomes one edit for each measure and month", () => {
    const { changes } = layBlock(readBlock("18\n31"), { line: 0, col: 0 }, lines, rows);
    expect(editsOf(changes, () => undefined)).toEqual([
      {
        indicator: "A",
        period: "2026-08",
        stratum: null,
        source: "register" as const,
        numerator: { typed: "18", seen: null },
        denominator: { typed: "31", seen: null },
        no_data: null,
        explanation: null,
      },
    ]);
  });
});

describe("edits", () => {
  const cell = rows[0]?.cells[0];
  if (!cell) throw new Error("the fixture has cells");

  it("take a figure in the place of « no data »", () => {
    const silent = { ...cell, no_data: "strike" as const, seen: { no_data: "t5" } };
    const change = {
      indicator: "A",
      period: "2026-08",
      stratum: null,
      source: "register" as const,
      part: "numerator" as const,
      typed: "3",
      seen: null,
    };
    expect(editsOf([change], () => silent)[0]?.no_data).toEqual({ typed: "", seen: "t5" });
    expect(editsOf([{ ...change, typed: "-" }], () => silent)[0]?.no_data).toBeNull();
  });

  it("take both figures away with a dash, each with its own version", () => {
    const counted = { ...cell, numerator: 3, denominator: 9, seen: { numerator: "t1", denominator: "t2" } };
    const dash = {
      indicator: "A",
      period: "2026-08",
      stratum: null,
      source: "register" as const,
      part: "numerator" as const,
      typed: "-",
      seen: "t1",
    };
    expect(editsOf([dash], () => counted)[0]).toMatchObject({
      numerator: { typed: "-", seen: "t1" },
      denominator: { typed: "-", seen: "t2" },
    });
  });

  it("lead from one state of a cell to another, with the versions of the first", () => {
    const now = { ...cell, numerator: 31, denominator: 33, seen: { numerator: "t7", denominator: "t8" } };
    expect(editsBetween([now], [{ ...now, numerator: 2.5 }], "fr")).toEqual([
      {
        indicator: "A",
        period: "2026-08",
        stratum: null,
        source: "register" as const,
        numerator: { typed: "2,5", seen: "t7" },
        denominator: null,
        no_data: null,
        explanation: null,
      },
    ]);
    expect(editsBetween([now], [now], "fr")).toEqual([]);
  });

  it("write numbers as they are typed", () => {
    expect(typedForm(1234.5, "fr")).toBe("1234,5");
    expect(typedForm(1234.5, "en")).toBe("1234.5");
    expect(typedForm(0, "fr")).toBe("0");
    expect(typedForm(null, "fr")).toBe("");
  });
});

it("goes to a line by the code on the printed sheet", () => {
  const { rows } = gridOf(["M2", "P8"]);
  const lines = linesOf(rows);
  expect(lineOfCode("m2a", lines, rows)).toBe(0);
  expect(lineOfCode(" M2B ", lines, rows)).toBe(1);
  expect(lineOfCode("p8", lines, rows)).toBe(2);
  for (const typed of ["M9a", "12", "-", "nd", ""]) expect(lineOfCode(typed, lines, rows)).toBeNull();
});
