import { expect, it } from "vitest";
import type { Recount } from "../../bindings/Recount";
import { recountSaid } from "./feedback";

const recount = (reported: [number | null, number | null], counted: [number, number | null], more = {}) =>
  ({
    meta: {} as Recount["meta"],
    indicator: "MNCH-02",
    period: "2026-09",
    reported_n: reported[0],
    reported_d: reported[1],
    n: counted[0],
    d: counted[1],
    note: null,
    factor_n: 1,
    factor_d: null,
    within: true,
    ...more,
  }) satisfies Recount;

const said = (one: Recount) => recountSaid(one).replaceAll(/[\u00a0\u202f]/gu, " ");

it("says that the register and the figure are the same", () => {
  expect(said(recount([41, 50], [41, 50], { factor_d: 1 }))).toBe(
    "Déclaré : 41 sur 50. Registre : 41 sur 50. Le registre dit la même chose.",
  );
});

it("says of a small difference that it lies within the tolerance, of the number that differs more", () => {
  expect(said(recount([40, 50], [40, 48], { factor_d: 0.96 }))).toBe(
    "Déclaré : 40 sur 50. Registre : 40 sur 48. Le registre a 4 % de moins (dénominateur), dans la tolérance.",
  );
});

it("says of a large one that it is to be explained, and where it comes from", () => {
  const apart = { factor_n: 1.25, factor_d: 0.96, within: false, note: "Deux pages oubliées." };
  expect(said(recount([40, 50], [50, 48], apart))).toBe(
    "Déclaré : 40 sur 50. Registre : 50 sur 48. À expliquer : le registre a 25 % de plus (numérateur). Deux pages oubliées.",
  );
});

it("has no share of zero that was reported where the register has some", () => {
  expect(said(recount([0, null], [3, null], { factor_n: null, within: false }))).toBe(
    "Déclaré : 0. Registre : 3. À expliquer : zéro déclaré, le registre en compte.",
  );
  expect(said(recount([0, null], [0, null]))).toBe(
    "Déclaré : 0. Registre : 0. Le registre dit la même chose.",
  );
});

it("compares nothing with what was not reported", () => {
  expect(said(recount([null, null], [12, null], { factor_n: null, within: null }))).toBe(
    "Déclaré : rien. Registre : 12.",
  );
});
