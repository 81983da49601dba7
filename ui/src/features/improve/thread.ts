import { parseDate } from "@internationalized/date";
import type { Happening } from "../../bindings/Happening";

/** What happenings stand together on a line of their own, in the order of the lines. */
export const LANES = ["trial", "decision", "meeting", "visit", "staff", "stock", "other"] as const;
export type Lane = (typeof LANES)[number];

/** The line that something stands on. */
export function laneOf({ kind, sort }: Happening): Lane {
  switch (kind) {
    case "trial":
      return "trial";
    case "decision":
    case "recheck":
    case "action":
      return "decision";
    case "meeting":
      return "meeting";
    default:
      break;
  }
  if (sort === "supervision") return "visit";
  if (sort === "staff_change" || sort === "strike") return "staff";
  return sort === "stock_out" ? "stock" : "other";
}

/** The stretch of days that is drawn, ISO. */
export interface Stretch {
  from: string;
  to: string;
}

/** How many months are drawn; none for everything. */
export const ZOOMS = [6, 12, 24, null] as const;
export type Zoom = (typeof ZOOMS)[number];

/** The stretch of a zoom that ends at `to`, inside the whole. */
export function stretchOf(whole: Stretch, zoom: Zoom, to: string): Stretch {
  if (zoom === null) return whole;
  const first = parseDate(whole.from);
  const last = parseDate(whole.to);
  const shortest = first.add({ months: zoom });
  if (shortest.compare(last) >= 0) return whole;
  let end = parseDate(to);
  if (end.compare(last) > 0) end = last;
  if (end.compare(shortest) < 0) end = shortest;
  return { from: end.subtract({ months: zoom }).toString(), to: end.toString() };
}

/** The same stretch moved by months, inside the whole. */
export const moved = (whole: Stretch, zoom: Zoom, to: string, months: number): Stretch =>
  stretchOf(whole, zoom, parseDate(to).add({ months }).toString());

/** A day as a number, for the axis alone. */
const number = (day: string): number => parseDate(day).toDate("UTC").getTime();

/** Where a day stands on an axis from `left` to `right`. */
export function axis({ from, to }: Stretch, left: number, right: number): (day: string) => number {
  const start = number(from);
  const length = Math.max(number(to) - start, 1);
  return (day) => left + ((number(day) - start) / length) * (right - left);
}

/** The firsts of months in a stretch, as far apart as there is room for their names. */
export function monthsIn({ from, to }: Stretch, room: number): string[] {
  const first = parseDate(from);
  const last = parseDate(to);
  const all: string[] = [];
  let at = first.set({ day: 1 });
  if (at.compare(first) < 0) at = at.add({ months: 1 });
  for (; at.compare(last) <= 0; at = at.add({ months: 1 })) all.push(at.toString());
  const every = [1, 2, 3, 6, 12].find((step) => all.length / step <= room) ?? 12;
  return all.filter((day) => (parseDate(day).month - 1) % every === 0);
}

/** Whether any of it lies in the stretch. */
export const isIn = ({ from, to }: Stretch, { day, until }: Happening): boolean =>
  day <= to && (until ?? day) >= from;

/** Where the record of something is read and written, as the words after `#/`. */
export function addressOf(
  { kind, id, indicator }: Happening,
  cycle: string,
  main: string | null,
): readonly string[] {
  switch (kind) {
    case "trial":
      return ["improve", cycle, "try", id];
    case "meeting":
      return ["meetings", id];
    case "action":
      return ["actions", id];
    case "event":
      // An event is written and read on the chart that it bears on.
      return ["measure", "chart", indicator ?? main ?? ""];
    default:
      return ["improve", cycle, "decide"];
  }
}
