import type { ChartPoint } from "../../bindings/ChartPoint";
import type { PeriodSpan } from "../../bindings/PeriodSpan";

/** As many periods as are proposed on either side: enough to tell, and near enough to be alike. */
const MOST = 12;

/** Two spans on either side of a period. */
export interface Spans {
  before: PeriodSpan;
  after: PeriodSpan;
}

/**
 * The spans on either side of `split`, the first period of the later one: as many complete periods as there are, up to
 * twelve. None when nothing lies on one side.
 */
export function around(points: readonly ChartPoint[], split: string): Spans | null {
  const at = points.findIndex(({ label }) => label === split);
  const end = points.findLastIndex(({ value, incomplete }) => value !== null && !incomplete);
  const before = at < 1 ? undefined : points[at - 1];
  const [from, first] = [points[Math.max(at - MOST, 0)], points[at]];
  const last = points[Math.min(end, at + MOST - 1)];
  if (!before || !from || !first || !last || end < at) return null;
  return {
    before: { from: from.label, to: before.label },
    after: { from: first.label, to: last.label },
  };
}

/** The period to begin with: that of the latest of `marks` with figures on either side, else the middle. */
export function proposed(points: readonly ChartPoint[], marks: readonly { period: string }[]): string | null {
  const few = 6;
  const index = (period: string) => points.findIndex(({ label }) => label === period);
  const good = marks.findLast(({ period }) => {
    const at = index(period);
    return at >= few && points.length - at >= few;
  });
  return good?.period ?? points[Math.floor(points.length / 2)]?.label ?? null;
}
