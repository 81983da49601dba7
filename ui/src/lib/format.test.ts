import { describe, expect, it } from "vitest";
import * as format from "./format";

describe("numbers", () => {
  it("are French in French and English in English, whatever the computer's own language", () => {
    expect(format.number("fr", 1234567.5)).toBe("1\u202f234\u202f567,5");
    expect(format.number("en", 1234567.5)).toBe("1,234,567.5");
  });

  it("show percentages with one decimal", () => {
    expect(format.inUnit("fr", 58.06, "%")).toBe("58,1\u202f%");
    expect(format.inUnit("en", 58.06, "%")).toBe("58.1%");
    expect(format.inUnit("fr", 3, "jours")).toBe("3");
  });

  it("keep n and d on one line", () => {
    expect(format.outOf("fr", 18, 31)).toBe("18\u00a0sur\u00a031");
    expect(format.outOf("en", 18, 31)).toBe("18\u00a0of\u00a031");
  });
});

describe("dates", () => {
  it("are written out", () => {
    expect(format.day("fr", "2026-11-22")).toBe("22\u00a0novembre\u00a02026");
    expect(format.day("fr", "2026-05-01")).toBe("1er\u00a0mai\u00a02026");
    expect(format.day("en", "2026-05-01")).toBe("1\u00a0May\u00a02026");
    expect(format.weekday("fr", "2026-05-12")).toBe("Mardi\u00a012\u00a0mai\u00a02026");
    expect(format.month("fr", "2026-10")).toBe("octobre\u00a02026");
    expect(format.monthHead("fr", "2026-10")).toBe("oct.\u00a026");
  });

  it("say weeks, quarters, years and days of events", () => {
    expect(format.month("fr", "2026-W07")).toBe("semaine\u00a07\u00a0de\u00a02026");
    expect(format.month("fr", "2026-Q1")).toBe("1er\u00a0trimestre\u00a02026");
    expect(format.month("en", "2026-Q2")).toBe("quarter\u00a02\u00a0of\u00a02026");
    expect(format.month("fr", "2026")).toBe("2026");
    expect(format.month("fr", "2026-03-05")).toBe("5\u00a0mars\u00a02026");
    expect(format.monthHead("fr", "2026-W07")).toBe("S7\u00a026");
    expect(format.shortMonth("en", "2026-Q4")).toBe("Q4");
    expect(format.parameter("fr", "2026-Q3")).toBe("3e\u00a0trimestre\u00a02026");
  });

  it("keep the local time they were written with", () => {
    expect(format.time("fr", "2026-11-22T09:42:10")).toBe("9\u00a0h\u00a042");
    expect(format.time("en", "2026-11-22T09:42:10")).toBe("9:42");
    expect(format.moment("fr", "2026-05-08T16:40")).toBe("8\u00a0mai\u00a02026 à 16\u00a0h\u00a040");
  });
});

describe("parameters that came as text", () => {
  it("become days, months, numbers, or stay", () => {
    expect(format.parameter("fr", "2026-10")).toBe("octobre\u00a02026");
    expect(format.parameter("en", "2026-11-22")).toBe("22\u00a0November\u00a02026");
    expect(format.parameter("fr", "12")).toBe(12);
    expect(format.parameter("fr", "Conseil en couple")).toBe("Conseil en couple");
    expect(format.parameter("fr", "2026-13")).toBe("2026-13");
  });
});
