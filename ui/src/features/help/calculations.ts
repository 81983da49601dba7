import type { Verified } from "../../bindings/Verified";

/** The cases of one kind of chart or rule set. */
export interface Group {
  /** The end of its name's key: a chart, or a kind of case with rules of its own. */
  name: string;
  cases: Verified[];
  compared: number;
  farthest: number;
  agrees: boolean;
}

export const agrees = (verified: Verified) => verified.departures.length === 0;

/** The cases by chart and rule set, in the order in which they first come. */
export function grouped(cases: readonly Verified[]): Group[] {
  const groups = new Map<string, Group>();
  for (const verified of cases) {
    const name = verified.kind === "control-or-run-chart" ? verified.chart : verified.kind;
    const group = groups.get(name) ?? { name, cases: [], compared: 0, farthest: 0, agrees: true };
    group.cases.push(verified);
    group.compared += verified.compared;
    group.farthest = Math.max(group.farthest, verified.farthest);
    group.agrees &&= agrees(verified);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** A very small number as a figure and the power of ten: 3e-13 is 3 and -13. */
export function powerOfTen(value: number): [figure: number, power: number] {
  const [figure, power] = value.toExponential(0).split("e");
  return [Number(figure), Number(power)];
}
