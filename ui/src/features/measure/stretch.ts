import type { Chart } from "../../bindings/Chart";
import type { ChartMark } from "../../bindings/ChartMark";

/** The stretch of a long series that is on the screen. */
export interface Span {
  first: number;
  count: number;
}

/** As many points as can be told apart on the widest drawing; more are looked at in stretches. */
const READABLE = 48;
const FEWEST = 12;

/** The latest points, as many as can be read. */
export function whole(all: number): Span {
  const count = Math.min(all, READABLE);
  return { first: all - count, count };
}

/** A shorter (-1) or longer (1) stretch around the same end: the latest figures stay in sight. */
export function zoom({ first, count }: Span, all: number, way: number): Span {
  const wanted = way < 0 ? Math.round(count / 1.5) : Math.ceil(count * 1.5);
  const next = Math.max(Math.min(wanted, all), Math.min(FEWEST, all));
  return pan({ first: first + count - next, count: next }, all, 0, 1);
}

/** The stretch so many steps earlier or later, of a third of its length unless told otherwise. */
export function pan({ first, count }: Span, all: number, steps: number, by = Math.ceil(count / 3)): Span {
  return { first: Math.max(0, Math.min(first + steps * by, all - count)), count };
}

/** The team's own trials that began before the signs of a chart ended: those that may explain it, the latest first. */
export function trialsOf({ view, marks }: Pick<Chart, "view" | "marks">): ChartMark[] {
  const last = view.points.findLast((point) => point.signal)?.label ?? view.points.at(-1)?.label ?? "";
  return marks.filter((mark) => mark.cycle !== null && mark.period <= last).toReversed();
}
