import { expect, it } from "vitest";
import type { Chart } from "../../bindings/Chart";
import type { CycleDetail } from "../../bindings/CycleDetail";
import type { PlannedAction } from "../../bindings/PlannedAction";
import type { Trial } from "../../bindings/Trial";
import { chartOf, indicator, place } from "../../test/fixtures";
import { cyclePaper, trialPaper } from "./paper";

it("prints the photos of a trial with what is said of them, and those of no other", () => {
  const trial = {
    meta: { id: "t1", deleted: false, seen: {}, open: [] },
    title: "La natte",
    step: "plan",
    starts: null,
    ends: null,
    decided: null,
    decision: null,
    observations: [],
    comments: [],
  };
  const photo = (id: string, of: string) => ({ meta: { id, deleted: false }, trial: of, caption: id });
  const detail = {
    cycle: { title: "Quatre CPN", place, meta: {} },
    photos: [photo("p1", "t1"), photo("p2", "t2")],
    ideas: [],
    ramps: [],
    trials: [trial],
  } as unknown as CycleDetail;
  const drawn = (below: string) => ({ shows: below, above: "", below, drawing: "<svg/>" });
  const found = new Map([
    ["p1", drawn("La natte, mardi")],
    ["p2", drawn("Le rideau")],
  ]);
  const { blocks } = trialPaper(detail, trial as unknown as Trial, found);
  expect(blocks).toContainEqual({
    block: "pictures",
    columns: 2,
    pictures: [drawn("La natte, mardi")],
  });
  expect(JSON.stringify(blocks)).not.toContain("Le rideau");
});

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
