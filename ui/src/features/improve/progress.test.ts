import { expect, it } from "vitest";
import type { ProgressNote } from "../../bindings/ProgressNote";
import { LEVELS, levelOf, scoreOf, stairs } from "./progress";

const note = (id: string, score: number, day: string): ProgressNote => ({
  meta: { id } as ProgressNote["meta"],
  score,
  day,
  reason: null,
});

it("has ten levels, by halves", () => {
  expect(LEVELS.map(scoreOf)).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]);
  expect(LEVELS.map((level) => levelOf(scoreOf(level)))).toEqual(LEVELS);
});

it("draws scores over time, the higher ones higher", () => {
  const { points } = stairs([
    note("a", 1, "2026-01-01"),
    note("b", 2.5, "2026-01-31"),
    note("c", 2, "2026-03-02"),
  ]);
  const [a, b, c] = points;
  expect(b?.y).toBeLessThan(a?.y ?? 0);
  expect(c?.y).toBeGreaterThan(b?.y ?? 0);
  expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo((c?.x ?? 0) - (b?.x ?? 0));
});

it("keeps two scores of one day apart", () => {
  const { points } = stairs([note("a", 1, "2026-01-01"), note("b", 2, "2026-01-01")]);
  expect(points[0]?.x).not.toBe(points[1]?.x);
});
