import { describe, expect, it } from "vitest";
import { chartOf } from "../../test/fixtures";
import { pan, trialsOf, whole, zoom } from "./stretch";

describe("a stretch of a long series", () => {
  it("begins with as much of the end as can be read", () => {
    expect(whole(20)).toEqual({ first: 0, count: 20 });
    expect(whole(60)).toEqual({ first: 12, count: 48 });
  });

  it("comes closer and goes wider with the latest figures in sight, within the series", () => {
    const close = zoom(whole(60), 60, -1);
    expect(close).toEqual({ first: 28, count: 32 });
    expect(zoom({ first: 48, count: 12 }, 60, -1)).toEqual({ first: 48, count: 12 });
    expect(zoom(close, 60, 1)).toEqual({ first: 12, count: 48 });
    expect(zoom(whole(60), 60, 1)).toEqual({ first: 0, count: 60 });
    expect(zoom(whole(5), 5, -1)).toEqual({ first: 0, count: 5 });
  });

  it("moves by a third and stops at both ends", () => {
    expect(pan({ first: 28, count: 32 }, 60, -1)).toEqual({ first: 17, count: 32 });
    expect(pan({ first: 3, count: 32 }, 60, -1)).toEqual({ first: 0, count: 32 });
    expect(pan({ first: 20, count: 32 }, 60, 3)).toEqual({ first: 28, count: 32 });
  });
});

describe("the trials that may explain a sign", () => {
  it("began before the signs end, the latest first; events are none", () => {
    const view = chartOf([40, 42, 70, 72, 50]);
    const period = (i: number) => view.points[i]?.label ?? "";
    for (const point of view.points.slice(2, 4)) point.signal = true;
    const mark = (record: string, i: number, cycle: string | null) => ({
      period: period(i),
      until: null,
      label: record,
      kind: cycle === null ? ("event" as const) : ("trial" as const),
      sort: null,
      record,
      cycle,
      day: `${period(i)}-03`,
    });
    const marks = [mark("a", 0, "c"), mark("strike", 1, null), mark("b", 2, "c"), mark("late", 4, "c")];
    expect(trialsOf({ view, marks }).map((one) => one.record)).toEqual(["b", "a"]);
  });
});
