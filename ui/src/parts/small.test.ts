import { describe, expect, it } from "vitest";
import type { ChartView } from "../bindings/ChartView";
import { chartOf, point } from "../test/fixtures";
import { ownScale, scaleOf, type SharedTime, sharedTime, small } from "./small";

const room = { width: 290, height: 92, left: 34 };

function timeOf(...views: ChartView[]): SharedTime {
  const time = sharedTime(views);
  if (!time) throw new Error("charts without a period");
  return time;
}

describe("a small chart", () => {
  it("stands over the months that all share, none left out", () => {
    const time = timeOf(chartOf([1, 2]), chartOf([1, 2, 3, 4]));
    expect([time.first, time.last, time.to - time.from]).toEqual(["2026-07", "2026-10", 4]);
    const late = small(chartOf([10, 20]), time, [0, 100], room);
    const long = small(chartOf([5, 5, 10, 20]), time, [0, 100], room);
    expect(late.drawn.map(({ x, y }) => [x, y])).toEqual(long.drawn.slice(2).map(({ x, y }) => [x, y]));
    expect(sharedTime([])).toBeNull();
  });

  it("sets weeks, months, quarters and years on one time", () => {
    const of = (...labels: string[]) => chartOf([], { points: labels.map((label) => point(label, 50)) });
    const time = timeOf(
      of("2025"),
      of("2025-Q4", "2026-Q1"),
      of("2026-03"),
      of("2026-W10"),
      of("2026-03-05"),
    );
    expect([time.first, time.last]).toEqual(["2025", "2026-Q1"]);
    const x = (label: string) => small(of(label), time, [0, 100], room).drawn[0]?.x ?? 0;
    expect(x("2025")).toBeLessThan(x("2025-Q4"));
    expect(x("2026-Q1")).toBeLessThan(x("2026-03"));
    expect(Math.abs(x("2026-W10") - x("2026-03-05"))).toBeLessThan(5);
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
    const drawing = small(view, timeOf(view), ownScale(view), room);
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
    const drawing = small(view, timeOf(view), [0, 100], room);
    expect(drawing.partPath).toMatch(/^M.*L/u);
    expect(drawing.path.split("L").length - 1).toBe(1);
  });
});
