import { expect, it } from "vitest";
import type { Verified } from "../../bindings/Verified";
import { grouped, powerOfTen } from "./calculations";

const verified = (kind: string, chart: string, farthest: number, departures: string[] = []): Verified => ({
  name: `${kind}-${chart}-${farthest}`,
  kind,
  chart,
  compared: 10,
  farthest,
  departures,
});

it("puts cases of one chart together, and rule sets by themselves", () => {
  const groups = grouped([
    verified("control-or-run-chart", "p", 1e-13),
    verified("ihi-run-rules", "run", 0),
    verified("control-or-run-chart", "run", 0),
    verified("control-or-run-chart", "p", 3e-13, ["centre: 2 for 1"]),
  ]);
  expect(groups.map(({ name, compared, farthest, agrees }) => [name, compared, farthest, agrees])).toEqual([
    ["p", 20, 3e-13, false],
    ["ihi-run-rules", 10, 0, true],
    ["run", 10, 0, true],
  ]);
});

it("splits a very small number", () => {
  expect(powerOfTen(3.1e-13)).toEqual([3, -13]);
  expect(powerOfTen(9.7e-12)).toEqual([1, -11]);
});
