import { expect, it } from "vitest";
import { termNamed, termsFound, termsOf } from "./glossary";

const fr = termsOf("fr");

it("has every word once, in both languages, with what it means", () => {
  for (const language of ["fr", "en"] as const) {
    const terms = termsOf(language);
    expect(terms).toHaveLength(fr.length);
    expect(new Set(terms.map((one) => one.term)).size).toBe(fr.length);
    expect(terms.filter((one) => !/[.?]$/u.test(one.says))).toEqual([]);
  }
});

it("finds by name, by what it stands for and by what it means, without accents", () => {
  expect(termsFound(fr, "mediane")[0]?.term).toBe("Médiane");
  expect(termsFound(fr, "centre de santé communautaire")[0]?.term).toBe("CSCom");
  expect(termsFound(fr, "moustiquaire")[0]?.term).toBe("MILDA");
  expect(termsFound(fr, "zzz")).toEqual([]);
});

it("knows the word that was pointed at, and no part of one", () => {
  expect(termNamed(fr, "ASACO,")?.term).toBe("ASACO");
  expect(termNamed(fr, " ruptures de stock ")?.term).toBeUndefined();
  expect(termNamed(fr, "matrones")?.term).toBe("Matrone");
  expect(termNamed(fr, "MAM")?.term).toBe("MAS, MAM");
  expect(termNamed(fr, "de")).toBeUndefined();
  expect(termNamed(fr, " ")).toBeUndefined();
});
