import { describe, expect, it } from "vitest";
import { setFrench } from "./typography";

describe("setFrench", () => {
  it.each([
    ["Juste ?", "Juste\u202f?"],
    ["58,1 %", "58,1\u202f%"],
    ["Amélioration : oui", "Amélioration\u00a0: oui"],
    ["« Conseil »", "«\u00a0Conseil\u00a0»"],
    ["avant l'accouchement", "avant l’accouchement"],
    ["déjà ; mis", "déjà\u202f; mis"],
  ])("sets %j", (typed, set) => {
    expect(setFrench(typed)).toBe(set);
  });

  it("leaves what is set as it is", () => {
    const set = setFrench("« Est-ce juste ? » : 12 % ; l'essai !");
    expect(setFrench(set)).toBe(set);
  });
});
