import { nice } from "d3-array";
import { line } from "d3-shape";
import type { ChartPoint } from "../bindings/ChartPoint";
import type { ChartView } from "../bindings/ChartView";
import { spanOf } from "../lib/format";

/** The room of one small chart, in pixels; its words stand outside it. */
export interface SmallRoom {
  width: number;
  height: number;
  /** What is kept free at the left, for the two ends of the scale. */
  left: number;
}

/** Where everything of a small chart goes. */
export interface Small {
  path: string;
  /** Dotted, to months that are not complete. */
  partPath: string;
  drawn: { x: number; y: number; point: ChartPoint }[];
  /** Months of which there is no data, for a reason. */
  silent: number[];
  centre: number | null;
  goal: number | null;
  top: number;
  bottom: number;
}

const EDGE = 7;

/** The time that several charts share, in months; `first` and `last` are the periods it begins and ends with. */
export interface SharedTime {
  from: number;
  to: number;
  first: string;
  last: string;
}

/** Where a period begins and ends, in months since the year 0; a week or a day by its share of the year. */
function stretch(period: string): [number, number] {
  const year = Number(period.slice(0, 4)) * 12;
  switch (spanOf(period)) {
    case "year":
      return [year, year + 12];
    case "quarter": {
      const from = year + (Number(period.slice(6)) - 1) * 3;
      return [from, from + 3];
    }
    case "week": {
      const from = year + ((Number(period.slice(6)) - 1) * 12 * 7) / 365.25;
      return [from, from + (12 * 7) / 365.25];
    }
    case "day": {
      const from = year + Number(period.slice(5, 7)) - 1 + (Number(period.slice(8)) - 1) / 31;
      return [from, from + 1 / 31];
    }
    case "month": {
      const from = year + Number(period.slice(5, 7)) - 1;
      return [from, from + 1];
    }
  }
}

/** From the earliest period of all charts to the latest; none without a period. */
export function sharedTime(views: readonly ChartView[]): SharedTime | null {
  let shared: SharedTime | null = null;
  for (const { label } of views.flatMap(({ points }) => points)) {
    const [from, to] = stretch(label);
    shared ??= { from, to, first: label, last: label };
    if (from < shared.from) shared = { ...shared, from, first: label };
    if (to > shared.to) shared = { ...shared, to, last: label };
  }
  return shared;
}

/** The lowest and highest value that charts show together, in round numbers from zero; parts of a hundred to a hundred. */
export function scaleOf(views: readonly ChartView[], percent: boolean): [number, number] {
  const values = views.flatMap(({ points, goal }) => [
    ...points.flatMap(({ value }) => (value === null ? [] : [value])),
    ...(goal === null ? [] : [goal]),
  ]);
  const lowest = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  if (percent && highest <= 100 && lowest === 0) return [0, 100];
  return nice(lowest, highest === lowest ? lowest + 1 : highest, 4);
}

/** The scale of one chart alone: only its own values, so that small movements show; it need not begin at zero. */
export function ownScale(view: ChartView): [number, number] {
  const values = view.points.flatMap(({ value }) => (value === null ? [] : [value]));
  const lowest = Math.min(...values, view.centre ?? Infinity);
  const highest = Math.max(...values, view.centre ?? -Infinity);
  if (!Number.isFinite(lowest)) return [0, 1];
  return lowest === highest ? nice(lowest, lowest + 1, 4) : nice(lowest, highest, 4);
}

/** A small chart over a time, on a scale. A goal off the scale is not drawn. */
export function small(
  view: ChartView,
  time: Pick<SharedTime, "from" | "to">,
  [lowest, highest]: readonly [number, number],
  room: SmallRoom,
): Small {
  const month = (room.width - room.left - EDGE) / (time.to - time.from);
  const x = (period: string) => {
    const [from, to] = stretch(period);
    return room.left + ((from + to) / 2 - time.from) * month;
  };
  const top = EDGE;
  const bottom = room.height - EDGE;
  const y = (value: number) => bottom - ((value - lowest) / (highest - lowest)) * (bottom - top);
  const placed = view.points.map((point) =>
    point.value === null ? null : { x: x(point.label), y: y(point.value), point },
  );
  const through = line<(typeof placed)[number]>()
    .defined((spot) => spot !== null)
    .x((spot) => spot?.x ?? 0)
    .y((spot) => spot?.y ?? 0);
  const firstPart = placed.findIndex((spot) => spot?.point.incomplete);
  return {
    path: through(placed.map((spot) => (spot?.point.incomplete ? null : spot))) ?? "",
    partPath: firstPart < 0 ? "" : (through(placed.slice(Math.max(firstPart - 1, 0))) ?? ""),
    drawn: placed.filter((spot) => spot !== null),
    silent: view.points.flatMap(({ no_data, label }) => (no_data === null ? [] : [x(label)])),
    centre: view.centre === null ? null : y(view.centre),
    goal: view.goal === null || view.goal < lowest || view.goal > highest ? null : y(view.goal),
    top,
    bottom,
  };
}
