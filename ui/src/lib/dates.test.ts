import { describe, expect, it } from "vitest";
import { addMonths, monthsUntil, parseDay, typedDay } from "./dates";

const today = "2026-11-22";

describe("parseDay", () => {
  it.each([
    ["30/09/2027", "2027-09-30"],
    ["30.9.27", "2027-09-30"],
    ["30 sept 2027", "2027-09-30"],
    ["1er août 2027", "2027-08-01"],
    ["le 3 févr. 2027", "2027-02-03"],
    ["July 4 2027", "2027-07-04"],
    ["4 juil 2027", "2027-07-04"],
    ["4 juin 2027", "2027-06-04"],
    ["2027-09-30", "2027-09-30"],
    ["3/1", "2027-01-03"],
    ["20/11", "2026-11-20"],
  ])("reads %j", (typed, day) => {
    expect(parseDay(typed, today)).toBe(day);
  });

  it.each(["31/02/2027", "demain", "12", "", "30/09/20277", "40 mai 2027"])("does not guess %j", (typed) => {
    expect(parseDay(typed, today)).toBeNull();
  });

  it("reads what it writes", () => {
    expect(parseDay(typedDay("2027-09-30"), today)).toBe("2027-09-30");
    expect(typedDay(null)).toBe("");
  });
});

describe("months", () => {
  it("go over the year's end", () => {
    expect(addMonths("2026-11", 2)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(monthsUntil("2026-02", 4)).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
  });
});
