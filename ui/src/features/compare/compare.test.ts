import { describe, expect, it } from "vitest";
import type { Difference } from "../../bindings/Difference";
import { chartOf } from "../../test/fixtures";
import { said } from "./sentence";
import { around, proposed } from "./spans";

const points = chartOf(Array.from({ length: 20 }, (_, i) => 40 + i)).points;
const label = (at: number) => points[at]?.label ?? "";

describe("the spans on either side of a month", () => {
  it("are as long as there are months, and no longer than a year", () => {
    expect(around(points, label(14))).toEqual({
      before: { from: label(2), to: label(13) },
      after: { from: label(14), to: label(19) },
    });
  });

  it("leave out months that are not complete, and need one on either side", () => {
    const open = points.map((point, i) => ({ ...point, incomplete: i === 19 }));
    expect(around(open, label(14))?.after.to).toBe(label(18));
    expect(around(open, label(19))).toBeNull();
    expect(around(points, label(0))).toBeNull();
    expect(around(points, "1999-01")).toBeNull();
  });

  it("begin at the latest mark that has months on either side, else in the middle", () => {
    const marks = [4, 12, 18].map((at) => ({ period: label(at) }));
    expect(proposed(points, marks)).toBe(label(12));
    expect(proposed(points, [])).toBe(label(10));
    expect(proposed([], [])).toBeNull();
  });
});

describe("the sentence of a difference", () => {
  const told = (
    by: number,
    lower: number,
    upper: number,
    meaning: "better" | "worse" | "neutral",
  ): Difference => ({
    kind: "told",
    by,
    lower,
    upper,
    method: "proportions",
    meaning,
  });

  it("says how much, how sure, and for better or worse", () => {
    expect(said(told(18, 10.2, 26, "better"), "%")).toEqual({
      shape: "better",
      lead: "Amélioration\u00a0:",
      text: "18 points de plus qu’avant. Le vrai écart est sans doute entre 10,2 points et 26 points de plus.",
    });
    expect(said(told(-3, -5, -1, "worse"), "jours")).toEqual({
      shape: "worse",
      lead: "Dégradation\u00a0:",
      text: "3 jours de moins qu’avant. Le vrai écart est sans doute entre 1 jours et 5 jours de moins.",
    });
  });

  it("says that chance explains what may as well be nothing", () => {
    const { shape, text } = said(told(2, -6, 10, "neutral"), "%");
    expect(shape).toBeNull();
    expect(text).toContain("le hasard suffit");
    expect(text).toContain("va de 6 points de moins à 10 points de plus");
    expect(said(told(1, 0, 2, "neutral"), "%").text, "one point is one").toContain(
      "1 point de plus qu’avant, mais",
    );
  });

  it("says why nothing is told", () => {
    const moving = (before: boolean, after: boolean) => said({ kind: "moving", before, after }, "%").text;
    expect(new Set([moving(true, false), moving(false, true), moving(true, true)]).size).toBe(3);
    expect(said({ kind: "too_few", need: 6 }, "%").text).toContain("6 points complets");
    expect(said({ kind: "not_judged" }, "%").text).toContain("le choix appartient à la femme");
  });
});
