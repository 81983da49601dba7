import { describe, expect, it } from "vitest";
import { indicator } from "../../test/fixtures";
import { byArea, found } from "./library";

const anc = indicator("MNCH-02", {
  name: { fr: "CPN4+ avant l’accouchement", en: "Four antenatal contacts" },
});
const stock = indicator("MAL-08", { area: "malaria", name: { fr: "Ruptures répétées", en: "Stock-outs" } });

describe("the library", () => {
  it("finds without accents, in both languages and by code", () => {
    for (const typed of ["accouchement", "ANTENATAL", "mnch-02", "cpn4 avant"])
      expect(found([anc, stock], typed, "")).toEqual([anc]);
    expect(found([anc, stock], "repetees", "")).toEqual([stock]);
    expect(found([anc, stock], "rougeole", "")).toEqual([]);
  });

  it("keeps to an area", () => {
    expect(found([anc, stock], "", "malaria")).toEqual([stock]);
    expect(byArea([anc, stock]).map((group) => group.area)).toEqual(["mnch", "malaria"]);
  });
});
