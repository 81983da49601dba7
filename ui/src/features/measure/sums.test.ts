import { expect, it } from "vitest";
import { chartOf } from "../../test/fixtures";
import { commonScale } from "./sums";

it("draws several places on one scale that begins at zero", () => {
  expect(commonScale([chartOf([12, 30]), chartOf([55, null])])).toEqual([0, 55]);
  expect(commonScale([chartOf([null]), chartOf([])])).toBeUndefined();
});
