import { afterEach, describe, expect, it } from "vitest";
import { speak } from "../lib/i18n.svelte";
import { chartOf } from "../test/fixtures";
import { spoken } from "./verdict";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/gu, " ");
afterEach(() => speak("fr"));

const shift = { kind: "shift", above: true, length: 9, since: "2026-03", ongoing: true } as const;

describe("the verdict in words", () => {
  it("says that it is too early", () => {
    const view = chartOf([], { verdict: { kind: "too_early", have: 7, need: 10 } });
    expect(plain(spoken(view, "up").text)).toBe(
      "7 mois utiles sur 10 : trop tôt pour conclure. Continuez à compter.",
    );
    speak("en");
    expect(spoken(view, "up").text).toBe("7 useful months of 10: too early to tell. Keep counting.");
  });

  it("says an improvement with its shape, length and month", () => {
    const said = spoken(chartOf([], { verdict: shift, meaning: "better" }), "up");
    expect(said.shape).toBe("better");
    expect(plain(`${said.lead} ${said.text}`)).toBe(
      "Amélioration : 9 mois de suite au-dessus de la médiane, depuis mars 2026.",
    );
    speak("en");
    const english = spoken(chartOf([], { verdict: shift, meaning: "better" }), "up");
    expect(plain(`${english.lead} ${english.text}`)).toBe(
      "Improvement: 9 months in a row above the median, since March 2026.",
    );
  });

  it("warns of better detection when something unwanted rises", () => {
    const said = spoken(chartOf([], { verdict: shift, meaning: "worse" }), "down");
    expect(said.shape).toBe("worse");
    expect(said.text).toContain("meilleur repérage");
  });

  it("says that a shift is over", () => {
    const past = { ...shift, above: false, ongoing: false };
    expect(spoken(chartOf([], { verdict: past, meaning: "worse" }), "up").text).toContain(
      "ce n’est plus le cas",
    );
  });

  it("says few crossings and no sign", () => {
    const few = { kind: "few_crossings", crossings: 2, needed: 5 } as const;
    expect(spoken(chartOf([], { verdict: few }), "up").text).toContain("2 fois");
    expect(spoken(chartOf([]), "up").lead).toBeNull();
  });

  it("says what lies outside the limits, and speaks of the mean there", () => {
    const outside = { kind: "outside", count: 1, last: "2026-03", above: true } as const;
    const view = chartOf([], { chart: "p", verdict: outside, meaning: "worse" });
    const said = spoken(view, "down");
    expect(plain(`${said.lead} ${said.text}`)).toBe(
      "Dégradation : mars 2026 dépasse ce que le hasard explique. Une hausse peut aussi venir d’un meilleur repérage.",
    );
    const more = { ...outside, count: 3, above: false };
    expect(spoken({ ...view, verdict: more }, "up").text).toContain("3 mois sortent");
    expect(spoken({ ...view, verdict: shift }, "up").text).toContain("de la moyenne");
  });

  it("never judges where the choice is the woman's", () => {
    const said = spoken(chartOf([], { judged: false, verdict: shift, meaning: "neutral" }), "none");
    expect(said).toMatchObject({ shape: null, lead: null });
    expect(said.text).toContain("le choix appartient à la femme");
  });
});
