import { expect, it } from "vitest";
import { chartOf, indicator, place } from "../../test/fixtures";
import { withScales } from "./panels";

it("gives charts of one unit one scale, and others their own", () => {
  const deaths = indicator("B", { unit: { fr: "décès", en: "deaths" }, multiplier: 1 });
  const panels = [
    { place, measure: indicator("A"), view: chartOf([20, 30]) },
    { place, measure: indicator("C"), view: chartOf([60, 70]) },
    { place, measure: deaths, view: chartOf([1, 3], { goal: null, centre: 2 }) },
  ];
  const [a, c, b] = withScales(panels, true);
  expect(a?.scale).toEqual([0, 100]);
  expect(c?.scale).toBe(a?.scale);
  expect(b?.scale).toEqual([0, 3]);
  const [alone] = withScales(panels, false);
  expect(alone?.scale[1]).toBeLessThan(100);
});
