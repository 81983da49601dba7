import type { ChartView } from "../../bindings/ChartView";

/** The lowest and highest value of all lines, from zero, so that they can be compared by eye; none without a value. */
export function commonScale(views: readonly ChartView[]): [number, number] | undefined {
  const values = views.flatMap(({ points }) =>
    points.flatMap(({ value }) => (value === null ? [] : [value])),
  );
  return values.length === 0 ? undefined : [Math.min(0, ...values), Math.max(...values)];
}
