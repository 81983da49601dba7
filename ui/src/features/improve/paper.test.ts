import { expect, it } from "vitest";
import type { Chart } from "../../bindings/Chart";
import type { CycleDetail } from "../../bindings/CycleDetail";
import type { PlannedAction } from "../../bindings/PlannedAction";
import { chartOf, indicator, place } from "../../test/fixtures";
import { cyclePaper } from "./paper";

it("prints what is to be done and what was done, not what was given up", () => {
  const detail = {
    cycle: {
      title: "Quatre CPN",
      place,
      opened: null,
      status: "open",
      problem: null,
      aim_by: null,
      meta: {},
    },
    members: [],
    ideas: [],
    causes: [],
    trials: [],
    lessons: [],
    decisions: [],
    rechecks: [],
    measures: [],
    baselines: [],
  } as unknown as CycleDetail;
  const chart = { indicator: indicator("M1"), view: chartOf([]), marks: [] } as unknown as Chart;
  const action = (text: string, state: string, done: string | null) =>
    ({ meta: { deleted: false }, text, who: "Awa", due: "2026-05-30", done, state }) as PlannedAction;
  const actions = [
    action("Rideau neuf", "open", null),
    action("Deux tensiomètres", "done", "2026-05-01"),
    action("Une moto", "given_up", null),
  ];
  const printed = JSON.stringify(cyclePaper(detail, [{ chart, picture: null, actions }], []));
  expect(printed).toContain("Rideau neuf");
  expect(printed).toContain("Deux tensiomètres");
  expect(printed).not.toContain("Une moto");
});
