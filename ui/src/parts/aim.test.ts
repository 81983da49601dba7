import { afterEach, expect, it } from "vitest";
import { speak } from "../lib/i18n.svelte";
import { aimSentence, missingParts, type Aim } from "./aim";

const aim: Aim = {
  aim_who: "les accouchées",
  aim_what: "reçoivent un counseling PFPP avant leur sortie.",
  aim_from: 52.8,
  aim_to: 90,
  aim_by: "2027-09-30",
};
const plain = (text: string | null) => text?.replace(/[\u00a0\u202f]/gu, " ");
afterEach(() => speak("fr"));

it("is one sentence in both languages", () => {
  expect(plain(aimSentence(aim, "%"))).toBe(
    "D’ici au 30 septembre 2027, les accouchées reçoivent un counseling PFPP avant leur sortie : de 52,8 % à 90 %.",
  );
  speak("en");
  expect(plain(aimSentence(aim, "%"))).toContain("By 30 September 2027, les accouchées");
});

it("shows what is missing, and says it", () => {
  const begun = { ...aim, aim_to: null, aim_by: null };
  expect(plain(aimSentence(begun, "jours"))).toMatch(/de 52,8 jours à …$/u);
  expect(missingParts(begun)).toEqual(["aim_to", "aim_by"]);
  expect(missingParts(aim)).toEqual([]);
});

it("is nothing while nothing is written", () => {
  expect(
    aimSentence({ aim_who: null, aim_what: null, aim_from: null, aim_to: null, aim_by: null }, "%"),
  ).toBeNull();
});
