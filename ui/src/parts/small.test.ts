import { describe, expect, it } from "vitest";
import { chartOf } from "../test/fixtures";
import { ownScale, scaleOf, sharedMonths, small } from "./small";

const room = { width: 290, height: 92, left: 34 };

describe("a small chart", () => {
  it("stands over the months that all share, none left out", () => {
    const months = sharedMonths([chartOf([1, 2]), chartOf([1, 2, 3, 4])]);
    expect(months).toEqual(["2026-07", "2026-08", "2026-09", "2026-10"]);
    const late = small(chartOf([10, 20]), months, [0, 100], room);
    const long = small(chartOf([5, 5, 10, 20]), months, [0, 100], room);
    expect(late.drawn.map(({ x, y }) => [x, y])).toEqual(long.drawn.slice(2).map(({ x, y }) => [x, y]));
    expect(sharedMonths([])).toEqual([]);
  });

  it("shares one scale from zero, or has its own", () => {
    const views = [chartOf([40, 60]), chartOf([10, 20])];
    expect(scaleOf(views, true)).toEqual([0, 100]);
    expect(scaleOf([chartOf([3, 7], { goal: null })], false)).toEqual([0, 8]);
    const [lowest, highest] = ownScale(chartOf([52, 58]));
    expect(lowest).toBeGreaterThanOrEqual(48);
    expect(highest).toBeLessThanOrEqual(58);
    expect(ownScale(chartOf([null], { centre: null }))).toEqual([0, 1]);
    const flat = ownScale(chartOf([50, 50]));
    expect(flat[1]).toBeGreaterThan(flat[0]);
  });

  it("never draws outside its room, and no goal that is off the scale", () => {
    const view = chartOf([52, null, 58, 55]);
    const drawing = small(view, sharedMonths([view]), ownScale(view), room);
    for (const { x, y } of drawing.drawn) {
      expect(x).toBeGreaterThan(room.left);
      expect(x).toBeLessThan(room.width);
      expect(y).toBeGreaterThanOrEqual(drawing.top);
      expect(y).toBeLessThanOrEqual(drawing.bottom);
    }
    expect(drawing.goal).toBeNull();
    expect(drawing.path.split("M").length - 1, "a gap breaks the line").toBe(2);
  });

  it("dots the way to a month that is not complete", () => {
    const view = chartOf([50, 55, 10]);
    const part = view.points[2];
    if (part) part.incomplete = true;
    const drawing = small(view, sharedMonths([view]), [0, 100], room);
    expect(drawing.partPath).toMatch(/^M.*L/u);
    expect(drawing.path.split("L").length - 1).toBe(1);
  });
});
