import { describe, expect, it } from "vitest";
import type { Idea } from "../../bindings/Idea";
import { inOrder, isPlaced, moved, quarterOf } from "./matrix";

function idea(text: string, effort: number | null, effect: number | null): Idea {
  const meta = { id: text, seen: {}, open: [], author: "", author_role: null, created: "", deleted: false };
  return { meta, text, position: 0, tried: false, cause: null, driver: null, effort, effect, votes: null };
}

describe("effort and effect", () => {
  it("puts first what brings most for the least work", () => {
    const all = [
      idea("much work", 5, 5),
      idea("easy", 1, 4),
      idea("nowhere", null, null),
      idea("little", 1, 1),
    ];
    expect(inOrder(all.filter(isPlaced)).map((one) => one.text)).toEqual(["easy", "much work", "little"]);
  });

  it("knows the four quarters", () => {
    expect(quarterOf({ effort: 1, effect: 5 })).toBe("first");
    expect(quarterOf({ effort: 5, effect: 5 })).toBe("big");
    expect(quarterOf({ effort: 2, effect: 1 })).toBe("small");
    expect(quarterOf({ effort: 4, effect: 2 })).toBe("later");
  });

  it("is moved by arrows, from the middle on and never over the edge", () => {
    expect(moved({ effort: null, effect: null }, "ArrowUp")).toEqual({ effort: 3, effect: 3 });
    expect(moved({ effort: 3, effect: 3 }, "ArrowUp")).toEqual({ effort: 3, effect: 4 });
    expect(moved({ effort: 1, effect: 5 }, "ArrowLeft")).toEqual({ effort: 1, effect: 5 });
    expect(moved({ effort: 1, effect: 5 }, "Enter")).toBeNull();
  });
});
