import { describe, expect, it } from "vitest";
import { chartOf, point } from "../test/fixtures";
import { layout, placeMarks, pushApart, stretch, type PlacedMark, type Room } from "./chart";

const room: Room = {
  width: 560,
  plotHeight: 188,
  zoom: 1,
  hasDenominator: true,
  percent: true,
  measure: (text) => text.length * 6.3,
};

describe("labels beside the plot", () => {
  const placed = (wanted: number[]) => {
    const labels = wanted.map((labelY) => ({ of: { labelY }, room: 20 }));
    pushApart(labels);
    return labels.map(({ of }) => of.labelY);
  };

  it("stay where they are when nothing touches", () => {
    expect(placed([10, 100, 50])).toEqual([10, 100, 50]);
  });

  it("make room for each other and keep their order", () => {
    expect(placed([50, 50])).toEqual([40, 60]);
    expect(placed([48, 60, 52])).toEqual([33.333333333333336, 73.33333333333334, 53.333333333333336]);
    const crowded = placed([10, 12, 40, 41, 43, 90]);
    const sorted = [...crowded].sort((a, b) => a - b);
    expect(crowded).toEqual(sorted);
    sorted.slice(1).forEach((y, i) => expect(y - (sorted[i] ?? 0)).toBeGreaterThanOrEqual(20 - 1e-9));
  });
});

describe("the plot", () => {
  it("draws limits in steps and makes room for them", () => {
    const view = chartOf([3, 17, 12]);
    view.points.forEach((point, i) => (point.limits = i === 1 ? null : { lower: 1, upper: 30 }));
    const drawing = layout(view, [], { ...room, percent: false });
    expect(drawing.limits.map(({ value }) => value)).toEqual([30, 1]);
    expect(drawing.limits[0]?.path.match(/M/gu)).toHaveLength(2);
    expect(drawing.ticks.at(-1)?.value).toBeGreaterThanOrEqual(30);
    expect(layout(chartOf([3, 17]), [], room).limits).toEqual([]);
  });

  it("draws percentages from 0 to 100", () => {
    const drawing = layout(chartOf([0, 50, 100]), [], room);
    const { top, bottom } = drawing.plot;
    expect(drawing.drawn.map((at) => at.y)).toEqual([bottom, (top + bottom) / 2, top]);
    expect(drawing.ticks.map((tick) => tick.value)).toEqual([0, 25, 50, 75, 100]);
  });

  it("does not press small parts of a hundred flat, and says where the scale ends", () => {
    const few = (values: number[]) => {
      const points = chartOf(values).points.map((point) => ({ ...point, goal: null }));
      return layout(chartOf(values, { points, centre: 2, goal: null }), [], room);
    };
    const low = few([1, 3, 2]);
    expect(low.scale).toBe(low.ticks.at(-1)?.value);
    expect(low.scale).toBeLessThan(10);
    expect(few([1, 31, 2]).scale).toBeNull();
    expect(layout(chartOf([1, 3, 2], { centre: 2 }), [], room).ticks.at(-1)?.value, "the goal shows").toBe(
      100,
    );
  });

  it("begins at zero and leaves room above for a measure that is no percentage", () => {
    const drawing = layout(chartOf([3, 17, 12], { goal: 20 }), [], { ...room, percent: false });
    expect(drawing.ticks[0]?.value).toBe(0);
    expect(Math.min(...drawing.drawn.map((at) => at.y))).toBeGreaterThan(drawing.plot.top);
  });

  it("leaves a gap where nothing was counted and hatches where there is no data", () => {
    const view = chartOf([40, 50, null, null, 60, 70]);
    const silent = view.points[3];
    if (silent) silent.no_data = "stock_out";
    const drawing = layout(view, [], room);
    expect(drawing.path.match(/M/gu)).toHaveLength(2);
    expect(drawing.silent.map((gap) => gap.index)).toEqual([3]);
    expect(drawing.drawn).toHaveLength(4);
  });

  it("dots the way to an unfinished month and ends the solid median before it", () => {
    const view = chartOf([40, 50, 60]);
    view.points.push({ ...point("2026-11", 90), incomplete: true });
    const drawing = layout(view, [], room);
    expect(drawing.partPath).toMatch(/^M.*L/u);
    expect(drawing.centre?.to).toBeLessThan(drawing.centre?.end ?? 0);
    expect(drawing.last?.value).toBe(60);
  });

  it("draws the run that makes the signal once more, on its own", () => {
    const view = chartOf([40, 50, 60, 70, 80]);
    for (const some of view.points.slice(2)) some.signal = true;
    expect(layout(view, [], room).signalPath.match(/L/gu)).toHaveLength(2);
  });

  it("pushes the labels of centre and goal apart", () => {
    for (const goal of [52, 50, 48]) {
      const { centre, goal: aim } = layout(chartOf([50], { goal }), [], room);
      expect(Math.abs((centre?.labelY ?? 0) - (aim?.labelY ?? 0))).toBeGreaterThanOrEqual(34);
    }
  });

  it("thins months and counts when the width is small", () => {
    const values = Array.from({ length: 24 }, () => 50);
    expect(layout(chartOf(values), [], { ...room, width: 1000 }).every).toEqual({ month: 1, counts: 1 });
    expect(layout(chartOf(values), [], room).every).toEqual({ month: 2, counts: 1 });
    const narrow = layout(chartOf(values), [], { ...room, width: 330 }).every;
    expect(narrow.counts).toBeGreaterThanOrEqual(narrow.month);
  });

  it("names each year once, where it begins", () => {
    const years = layout(chartOf(Array.from({ length: 15 }, () => 50)), [], room).years;
    expect(years.map((year) => year.label)).toEqual(["2025", "2026"]);
  });

  it("draws nothing at all without points", () => {
    const drawing = layout(chartOf([], { centre: null }), [], room);
    expect(drawing.path).toBe("");
    expect(drawing.last).toBeNull();
  });
});

describe("flags", () => {
  const width = 560;
  const wide = (label: string) => Math.min(label.length * 6.3, width * 0.42);
  const extent = (mark: PlacedMark): [number, number] =>
    mark.side === "left"
      ? [mark.x - wide(mark.label) - 13, mark.x]
      : [mark.x, mark.x + wide(mark.label) + 13];

  function check(marks: PlacedMark[]) {
    const named = marks.filter((mark) => mark.label !== "");
    for (const mark of named) {
      const [from, to] = extent(mark);
      expect(from).toBeGreaterThanOrEqual(-1);
      expect(to).toBeLessThanOrEqual(width + 1);
      for (const other of named) {
        if (other === mark) continue;
        const [otherFrom, otherTo] = extent(other);
        if (other.lane === mark.lane) expect(from >= otherTo || to <= otherFrom).toBe(true);
        if (other.lane > mark.lane) expect(other.x <= from || other.x >= to).toBe(true);
      }
      for (const silent of marks.filter(({ label }) => label === "")) {
        if (silent.lane === mark.lane) expect(silent.x <= from || silent.x - 13 >= to).toBe(true);
        expect(silent.lane).toBeLessThanOrEqual(mark.lane);
      }
    }
  }

  it("never overlap and no pole crosses words, wherever they stand", () => {
    // A fixed series of numbers, so that a failure can be seen again.
    let seed = 7;
    const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 300; round++) {
      const count = 1 + Math.floor(next() * 9);
      const marks = Array.from({ length: count }, () => {
        const label = "x".repeat(5 + Math.floor(next() * 40));
        return { x: 45 + next() * 430, label, width: label.length * 6.3 };
      });
      check(placeMarks(marks, width));
    }
  });

  it("put the earliest on the lowest lane", () => {
    const label = "Affiche en salle de sortie";
    const placed = placeMarks(
      [300, 360, 420].map((x) => ({ x, label, width: label.length * 6.3 })),
      width,
    );
    expect(placed.map((mark) => mark.lane)).toEqual([0, 1, 2]);
    expect(placed.every((mark) => mark.side === "left")).toBe(true);
  });

  it("keep their flag but not their words when there are more than five", () => {
    const marks = Array.from({ length: 8 }, (_, i) => ({ x: 60 + i * 50, label: "Essai", width: 32 }));
    const placed = placeMarks(marks, width);
    expect(placed).toHaveLength(8);
    expect(placed.filter((mark) => mark.label !== "")).toHaveLength(5);
  });

  it("keep their words when two stand in one month", () => {
    const at = (x: number, label: string) => ({ x, label, width: label.length * 6.3 });
    const placed = placeMarks(
      [at(200, "Grève"), at(300, "Rappel par les relais"), at(300, "Phase"), at(360, "Rupture")],
      width,
    );
    expect(placed.every((mark) => mark.label !== "")).toBe(true);
    check(placed);
  });
});

describe("phases, goals and events", () => {
  const two = () => {
    const view = chartOf([40, 42, 41, 70, 72, 71], { centre: 71 });
    view.phases = [
      { first: 0, last: 2, centre: 41, useful: 3 },
      { first: 3, last: 5, centre: 71, useful: 3 },
    ];
    return view;
  };

  it("parts the line between phases and gives each its own centre", () => {
    const drawing = layout(two(), [], room);
    expect(drawing.path.match(/M/gu)).toHaveLength(2);
    expect(drawing.before.map((phase) => phase.value)).toEqual([41]);
    expect(drawing.breaks.map((part) => part.index)).toEqual([3]);
    expect(drawing.centre?.from).toBe(drawing.breaks[0]?.x);
    expect(drawing.before[0]?.to).toBe(drawing.breaks[0]?.x);
  });

  it("parts the limits as well", () => {
    const view = two();
    view.points.forEach((point) => (point.limits = { lower: 10, upper: 90 }));
    expect(layout(view, [], room).limits[0]?.path.match(/M/gu)).toHaveLength(2);
  });

  it("draws a goal that changes as steps", () => {
    const view = chartOf([40, 42, 41, 43]);
    view.points.forEach((point, i) => (point.goal = i < 2 ? 60 : 80));
    const path = layout(view, [], room).goal?.path ?? "";
    expect(path.match(/V/gu)).toHaveLength(3);
    expect(path.match(/M/gu)).toHaveLength(1);
  });

  it("ends the solid centre with the baseline", () => {
    const view = chartOf([40, 42, 41, 43], { frozen: "2026-08" });
    view.points.forEach((point, i) => (point.baseline = i < 2));
    const { centre, step, plot } = layout(view, [], room);
    expect(centre?.to).toBeCloseTo(plot.left + 2 * step);
  });

  it("draws how long an event lasted, on lines that do not touch", () => {
    const view = chartOf([40, 42, 41, 43, 44, 45]);
    const label = (i: number) => view.points[i]?.label ?? "";
    const marks = [
      { period: label(0), until: label(2), label: "Grève" },
      { period: label(1), until: label(3), label: "Hivernage" },
      { period: label(4), label: "Supervision" },
    ];
    const { spans, step, marks: flags } = layout(view, marks, room);
    expect(spans.map((span) => Math.round((span.to - span.from) / step))).toEqual([3, 3]);
    expect(new Set(spans.map((span) => span.y)).size).toBe(2);
    expect(flags.map((flag) => marks[flag.of]?.label).sort()).toEqual(["Grève", "Hivernage", "Supervision"]);
  });

  it("keeps the last value's words off an unfinished month", () => {
    for (const [before, last, under] of [
      [70, 60, 55],
      [50, 60, 66],
      [60, 60, 64],
    ] as const) {
      const view = chartOf([...Array.from({ length: 30 }, () => 50), before, last]);
      view.points.push({ ...point("2026-11", under), incomplete: true });
      const { last: words, drawn } = layout(view, [], room);
      const hollow = drawn.at(-1);
      const apart =
        Math.abs((hollow?.x ?? 0) - (words?.x ?? 0)) >= 25 ||
        (hollow?.y ?? 0) <= (words?.y ?? 0) - 14 ||
        (hollow?.y ?? 0) >= (words?.y ?? 0) + 6;
      expect(apart).toBe(true);
    }
  });

  it("shows a stretch of a long series with what was computed from all of it", () => {
    const view = two();
    const seen = stretch(view, 2, 3);
    expect(seen.points).toHaveLength(3);
    expect(seen.phases.map(({ first, last }) => [first, last])).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(stretch(view, 0, 2).centre).toBe(41);
    expect(stretch(view, 99, 4).points).toEqual(view.points.slice(2));
  });

  it("names a phase that is over where its line has the least in the way", () => {
    const values = [50, 50, 50, 50, 50, 50, 52, 48, 52, 48, 52, 48];
    const view = chartOf([...values, ...Array.from({ length: 12 }, () => 80)], { centre: 80 });
    view.points.slice(0, 6).forEach((point) => (point.value = 20));
    view.phases = [
      { first: 0, last: 11, centre: 50, useful: 12 },
      { first: 12, last: 23, centre: 80, useful: 12 },
    ];
    const { before, drawn } = layout(view, [], { ...room, width: 900 });
    const label = before[0]?.label;
    const struck = drawn.filter(
      ({ x, y }) =>
        x > (label?.x ?? 0) - 48 &&
        x < (label?.x ?? 0) + 4 &&
        y > (label?.y ?? 0) - 13 &&
        y < (label?.y ?? 0) + 5,
    );
    expect(struck).toEqual([]);
  });
});
