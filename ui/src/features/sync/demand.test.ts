import { describe, expect, it } from "vitest";
import type { DemandPlace } from "../../bindings/DemandPlace";
import { byDistrict, isOnTheWay, standingOf } from "./demand";

const place = (name: string, change: Partial<DemandPlace> = {}): DemandPlace => ({
  id: name,
  name,
  above: "Sélingué",
  on: false,
  here: false,
  ...change,
});

describe("places on demand", () => {
  it("stand by what was chosen and what has come", () => {
    const standings = [
      place("A", { on: true, here: true }),
      place("B", { on: true }),
      place("C", { here: true }),
      place("D"),
    ];
    expect(standings.map(standingOf)).toEqual(["here", "coming", "leaving", "elsewhere"]);
    expect(standings.filter(isOnTheWay).map(({ name }) => name)).toEqual(["B", "C"]);
  });

  it("come by district, each district once", () => {
    const groups = byDistrict([place("A"), place("B", { above: "Kati" }), place("C")]);
    expect(groups.map(({ district, places }) => [district, places.map(({ name }) => name)])).toEqual([
      ["Sélingué", ["A", "C"]],
      ["Kati", ["B"]],
    ]);
  });
});
