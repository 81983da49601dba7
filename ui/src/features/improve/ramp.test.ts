import { describe, expect, it } from "vitest";
import { nextExtent } from "./part";
import { CARD, inLines, rampDrawing } from "./ramp";

describe("a ramp", () => {
  it("goes up as its trials grow, and down where one is smaller", () => {
    const { cards, levels, height } = rampDrawing([
      { extent: "one_day", title: "Un" },
      { extent: "one_month", title: "Deux" },
      { extent: null, title: "Trois" },
      { extent: "one_week", title: "Quatre" },
    ]);
    const [first, second, third, fourth] = cards.map(({ y }) => y);
    expect(second).toBeLessThan(first ?? 0);
    expect(third).toBe(second);
    expect(fourth).toBeGreaterThan(second ?? 0);
    expect(fourth).toBeLessThan(first ?? 0);
    expect(levels.map(({ extent }) => extent)).toEqual(["one_day", "one_week", "one_month"]);
    for (const { y } of cards) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y + CARD.height).toBeLessThanOrEqual(height);
    }
  });

  it("stands on one level while no size is said", () => {
    const { cards, levels } = rampDrawing([
      { extent: null, title: "Un" },
      { extent: null, title: "Deux" },
    ]);
    expect(cards[0]?.y).toBe(cards[1]?.y);
    expect(levels).toEqual([]);
  });

  it("never lays one card over another", () => {
    const { cards, width } = rampDrawing(Array.from({ length: 7 }, () => ({ extent: null, title: "" })));
    cards.forEach(({ x }, at) => {
      const next = cards[at + 1];
      if (next) expect(next.x).toBeGreaterThanOrEqual(x + CARD.width);
      expect(x + CARD.width).toBeLessThanOrEqual(width);
    });
  });
});

describe("a title", () => {
  it.each([
    ["Un mot", 21, 3, ["Un mot"]],
    ["Donner le rendez-vous par jour de marché", 21, 3, ["Donner le rendez-vous", "par jour de marché"]],
    ["un deux trois quatre cinq six", 5, 2, ["un", "deux…"]],
    ["anticonstitutionnellement", 10, 2, ["anticonst…"]],
  ])("« %s » is cut into lines that fit", (text, letters, most, lines) => {
    expect(inLines(text, letters, most)).toEqual(lines);
  });
});

describe("the next trial", () => {
  it.each([
    ["adopt", "one_day", "one_week"],
    ["adopt", "several_places", "several_places"],
    ["adapt", "one_day", "one_day"],
    ["adopt", null, null],
  ] as const)("after « %s » at %s is tried at %s", (decision, extent, next) => {
    expect(nextExtent({ decision, extent })).toBe(next);
  });
});
