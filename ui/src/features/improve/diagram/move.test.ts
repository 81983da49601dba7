import { expect, it } from "vitest";
import type { DiagramNode } from "./layout";
import { mayHang, stepped } from "./move";

const said = (id: string, parent: string | null): DiagramNode => ({ id, parent, text: id, form: "said" });
const nodes: DiagramNode[] = [
  { id: "root", parent: null, text: "", form: "root", fixed: true },
  said("a", "root"),
  said("b", "root"),
  said("c", "root"),
  said("below", "a"),
  { id: "idea", parent: "below", text: "", form: "idea", leaf: true },
];

it.each([
  ["b", "a", true],
  ["below", "root", true],
  ["idea", "b", true],
  ["a", "a", false],
  ["a", "below", false],
  ["a", "root", false],
  ["b", "idea", false],
  ["idea", "root", false],
  ["root", "b", false],
])("%s may hang on %s: %s", (id, onto, may) => expect(mayHang(nodes, id, onto)).toBe(may));

it("changes places with its neighbour, and with nobody at the end", () => {
  const positions: Record<string, number> = { a: 0, b: 4, c: 9 };
  const at = (id: string) => positions[id] ?? 0;
  expect(stepped(nodes, "b", 1, at)).toEqual([
    { id: "c", position: 4 },
    { id: "b", position: 9 },
  ]);
  expect(stepped(nodes, "a", -1, at)).toEqual([]);
  expect(stepped(nodes, "idea", -1, at)).toEqual([]);
});

it("parts what two laptops put in one place, and what has none yet", () => {
  const positions: Record<string, number> = { a: -1, b: 2, c: 2 };
  const after = { ...positions };
  for (const { id, position } of stepped(nodes, "c", -1, (id) => positions[id] ?? 0)) after[id] = position;
  expect(after).toEqual({ a: 0, b: 3, c: 2 });
});
