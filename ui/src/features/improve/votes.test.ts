import { expect, it } from "vitest";
import type { Idea } from "../../bindings/Idea";
import { ranked } from "./votes";

const idea = (text: string, votes: number | null, position: number) => ({ text, votes, position }) as Idea;

it("ranks what was voted on, and as many votes share a rank", () => {
  const all = [idea("a", 2, 0), idea("b", null, 1), idea("c", 5, 2), idea("d", 2, 3), idea("e", 0, 4)];
  expect(ranked(all).map(({ idea: one, rank }) => [one.text, rank])).toEqual([
    ["c", 1],
    ["a", 2],
    ["d", 2],
    ["e", 4],
  ]);
});
