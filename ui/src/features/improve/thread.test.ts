import { expect, test } from "vitest";
import type { Happening } from "../../bindings/Happening";
import { addressOf, axis, isIn, laneOf, monthsIn, moved, stretchOf } from "./thread";

const whole = { from: "2025-01-01", to: "2026-07-31" };
const happening = (some: Partial<Happening>): Happening => ({
  kind: "event",
  id: "e",
  day: "2026-03-01",
  until: null,
  label: "",
  sort: null,
  decision: null,
  holding: null,
  about: null,
  indicator: null,
  ...some,
});

test("a zoom ends where it is asked to, and never leaves the whole", () => {
  expect(stretchOf(whole, 6, "2026-07-31")).toEqual({ from: "2026-01-31", to: "2026-07-31" });
  expect(stretchOf(whole, 6, "2030-01-01").to).toBe("2026-07-31");
  expect(stretchOf(whole, 6, "2024-01-01").from).toBe("2025-01-01");
  expect(stretchOf(whole, 24, "2026-07-31")).toEqual(whole);
  expect(moved(whole, 12, "2026-07-31", -6)).toEqual({ from: "2025-01-31", to: "2026-01-31" });
  expect(stretchOf(whole, null, "2025-02-01")).toEqual(whole);
});

test("days stand on the axis as far apart as they are", () => {
  const x = axis({ from: "2026-01-01", to: "2026-01-11" }, 0, 100);
  expect([x("2026-01-01"), x("2026-01-06"), x("2026-01-11")]).toEqual([0, 50, 100]);
  // A summer's hour less changes nothing.
  expect(axis({ from: "2026-03-01", to: "2026-04-30" }, 0, 60)("2026-03-31")).toBe(30);
});

test("months are named as far as there is room", () => {
  expect(monthsIn({ from: "2026-01-15", to: "2026-04-02" }, 12)).toEqual([
    "2026-02-01",
    "2026-03-01",
    "2026-04-01",
  ]);
  expect(monthsIn(whole, 7)).toEqual([
    "2025-01-01",
    "2025-04-01",
    "2025-07-01",
    "2025-10-01",
    "2026-01-01",
    "2026-04-01",
    "2026-07-01",
  ]);
});

test("each happening has its line and its screen", () => {
  expect(laneOf(happening({ kind: "recheck" }))).toBe("decision");
  expect(laneOf(happening({ sort: "stock_out" }))).toBe("stock");
  expect(laneOf(happening({ sort: "supervision" }))).toBe("visit");
  expect(laneOf(happening({ sort: "ramadan" }))).toBe("other");
  expect(addressOf(happening({ kind: "trial" }), "c", null)).toEqual(["improve", "c", "try", "e"]);
  expect(addressOf(happening({}), "c", "MNCH-02")).toEqual(["measure", "chart", "MNCH-02"]);
});

test("what began before and goes on is drawn", () => {
  const part = { from: "2026-03-10", to: "2026-03-20" };
  expect(isIn(part, happening({ until: "2026-03-12" }))).toBe(true);
  expect(isIn(part, happening({}))).toBe(false);
  expect(isIn(part, happening({ day: "2026-03-21" }))).toBe(false);
});
