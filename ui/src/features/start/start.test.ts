import { describe, expect, it } from "vitest";
import { place } from "../../test/fixtures";
import { missing, placeOf, type Chosen } from "./start";

const district = { ...place, id: "d1", level: "district", name: "Sélingué" };
const nothing: Chosen = { place: null, adding: false, addedName: "", addedLevel: "facility" };

describe("the first start", () => {
  it("says everything that is missing at once", () => {
    expect(missing(nothing, " ", null, null)).toEqual(["place", "name", "role", "pin"]);
    expect(missing({ ...nothing, place: district, adding: true }, "Awa", "lead", "482913")).toEqual([
      "added",
    ]);
    expect(missing({ ...nothing, place: district }, "Awa", "coach", "482913")).toEqual([]);
  });

  it("asks for a place of the tree, or for a new one under it", () => {
    expect(placeOf({ ...nothing, place: district })).toEqual({ place: "d1", new_place: null });
    expect(placeOf({ place: district, adding: true, addedName: " CSCom ", addedLevel: "facility" })).toEqual({
      place: null,
      new_place: { name: "CSCom", level: "facility", parent: "d1" },
    });
  });
});
