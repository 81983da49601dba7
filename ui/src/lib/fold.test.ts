import { expect, it } from "vitest";
import { fold, matches } from "./fold";

it("finds without accents, case or special letters", () => {
  expect(fold("Ɲɛtaa à Ségou")).toBe("nyetaa a segou");
  expect(matches("CPN4+ avant l’accouchement", "accou cpn")).toBe(true);
  expect(matches("Cas suspects de paludisme testés", "TESTES palu")).toBe(true);
  expect(matches("Counseling PFPP", "nutrition")).toBe(false);
});
