import { describe, expect, it } from "vitest";
import { bounded, bounds, numberTyped, read, write } from "./condition";

describe("conditions", () => {
  it("are read and written alike", () => {
    for (const formula of [
      "${stock} = 'no'",
      "${stock} = 'no' and ${days} >= 3",
      "selected(${why}, 'a') or selected(${why}, 'b')",
      "${name} != ''",
      "${a} != 'yes' and ${b} <= -1.5",
      `\${a} = "l'eau"`,
    ]) {
      const found = read(formula);
      expect(found, formula).not.toBeNull();
      expect(found && write(found)).toBe(formula);
    }
  });

  it("that nobody could pick stay formulas", () => {
    for (const formula of [
      "count(${a}) > 1",
      "${a} = 'x' and (${b} = 'y' or ${c} = 'z')",
      "not(${a} = 'x')",
    ]) {
      expect(read(formula), formula).toBeNull();
    }
  });

  it("are none where nothing is asked", () => {
    expect(read(null)).toEqual({ any: false, tests: [] });
    expect(write({ any: false, tests: [] })).toBeNull();
  });
});

it("a number counts once it is one", () => {
  expect(["", "-", "-1", "37,5", "37.", "1e3", " 8 "].map(numberTyped)).toEqual([
    null,
    null,
    "-1",
    "37.5",
    null,
    null,
    "8",
  ]);
});

describe("bounds", () => {
  it("are read and written alike", () => {
    for (const formula of [". >= 0", ". <= 31", ". >= 0 and . <= 31", null]) {
      const found = bounds(formula);
      expect(found && bounded(found.least, found.most)).toBe(formula);
    }
    expect(bounds("regex(., 'a')")).toBeNull();
  });
});
