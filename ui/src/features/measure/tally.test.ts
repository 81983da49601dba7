import { expect, test } from "vitest";
import { strokes, together } from "./tally";

test("strokes stand in groups of five", () => {
  expect(strokes(0)).toEqual([]);
  expect(strokes(4)).toEqual([4]);
  expect(strokes(12)).toEqual([5, 5, 2]);
  expect(strokes(15)).toEqual([5, 5, 5]);
  expect(strokes(1_000)).toEqual([]);
});

test("villages of which nothing is said make no zero", () => {
  expect(together([null, null])).toBeNull();
  expect(together([3, null, 0])).toBe(3);
});
