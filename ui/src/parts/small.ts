import { nice } from "d3-array";
import { line } from "d3-shape";
import type { ChartPoint } from "../bindings/ChartPoint";
import type { ChartView } from "../bindings/ChartView";
import { addMonths } from "../lib/dates";

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

/** The months that several charts share, from the earliest to the latest, none left out. */
export function sharedMonths(views: readonly ChartView[]): string[] {
  const labels = views.flatMap(({ points }) => points.map(({ label }) => label)).sort();
  const [first, last] = [labels[0], labels.at(-1)];
  const months: string[] = [];
  if (first === undefined || last === undefined) return months;
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
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

/** A small chart over `months`, on a scale. A goal off the scale is not drawn. */
export function small(
  view: ChartView,
  months: readonly string[],
  [lowest, highest]: readonly [number, number],
  room: SmallRoom,
): Small {
  const step = (room.width - room.left - EDGE) / Math.max(months.length, 1);
  const at = new Map(months.map((month, i) => [month, room.left + (i + 0.5) * step]));
  const top = EDGE;
  const bottom = room.height - EDGE;
  const y = (value: number) => bottom - ((value - lowest) / (highest - lowest)) * (bottom - top);
  const placed = view.points.map((point) => {
    const x = at.get(point.label);
    return x === undefined || point.value === null ? null : { x, y: y(point.value), point };
  });
  const through = line<(typeof placed)[number]>()
    .defined((spot) => spot !== null)
    .x((spot) => spot?.x ?? 0)
    .y((spot) => spot?.y ?? 0);
  const firstPart = placed.findIndex((spot) => spot?.point.incomplete);
  return {
    path: through(placed.map((spot) => (spot?.point.incomplete ? null : spot))) ?? "",
    partPath: firstPart < 0 ? "" : (through(placed.slice(Math.max(firstPart - 1, 0))) ?? ""),
    drawn: placed.filter((spot) => spot !== null),
    silent: view.points.flatMap(({ no_data, label }) => {
      const x = at.get(label);
      return no_data === null || x === undefined ? [] : [x];
    }),
    centre: view.centre === null ? null : y(view.centre),
    goal: view.goal === null || view.goal < lowest || view.goal > highest ? null : y(view.goal),
    top,
    bottom,
  };
}
