import { describe, expect, it } from "vitest";
import {
  fishDrawing,
  neighbour,
  treeDrawing,
  WAYS,
  type Box,
  type DiagramNode,
  type Drawing,
  type Layout,
} from "./layout";

/** Chance that comes out the same each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function said(id: string, parent: string): DiagramNode {
  return { id, parent, text: id, form: "said" };
}

function grown(seed: number, fish: boolean): { nodes: DiagramNode[]; heights: Map<string, number> } {
  const next = chance(seed);
  const nodes: DiagramNode[] = [{ id: "root", parent: null, text: "root", form: "root" }];
  const bones = fish ? 6 + Math.floor(next() * 2) : 0;
  for (let i = 0; i < bones; i++) nodes.push({ id: `bone${i}`, parent: "root", text: "", form: "bone" });
  const count = Math.floor(next() * 26);
  for (let i = 0; i < count; i++) {
    const from = fish ? 1 : 0;
    const parent = nodes[from + Math.floor(next() * (nodes.length - from))];
    nodes.push(said(`n${i}`, parent?.id ?? "root"));
  }
  const heights = new Map(
    nodes.map((node) => [node.id, node.form === "bone" ? 30 : 26 + Math.floor(next() * 38)]),
  );
  heights.set("root", 40 + Math.floor(next() * 90));
  return { nodes, heights };
}

function laid(drawing: Drawing, seed: number): { layout: Layout; nodes: DiagramNode[] } {
  const { nodes, heights } = grown(seed, drawing === fishDrawing);
  return { layout: drawing.place(nodes, 1100, (id) => heights.get(id) ?? 0), nodes };
}

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;

describe.each([
  ["tree", treeDrawing],
  ["fishbone", fishDrawing],
])("a %s", (_, drawing) => {
  it("shows every node once, inside the picture, and none over another", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { layout, nodes } = laid(drawing, seed);
      expect([...layout.boxes.keys()].sort()).toEqual(nodes.map((node) => node.id).sort());
      const all = [...layout.boxes];
      for (const [id, box] of all) {
        expect(box.x, `${seed} ${id}`).toBeGreaterThanOrEqual(-0.01);
        expect(box.y, `${seed} ${id}`).toBeGreaterThanOrEqual(-0.01);
        expect(box.x + box.width, `${seed} ${id}`).toBeLessThanOrEqual(layout.width + 0.01);
        expect(box.y + box.height, `${seed} ${id}`).toBeLessThanOrEqual(layout.height + 0.01);
        for (const [other, there] of all) {
          if (id < other) expect(overlap(box, there), `${seed}: ${id} and ${other}`).toBe(false);
        }
      }
    }
  });

  it("is reached with the keys, every node of it", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { layout } = laid(drawing, seed);
      const reached = new Set(["root"]);
      const open = ["root"];
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        for (const way of WAYS) {
          const next = neighbour(layout.boxes, id, way);
          if (next !== null && !reached.has(next)) {
            reached.add(next);
            open.push(next);
          }
        }
      }
      expect(
        [...layout.boxes.keys()].filter((id) => !reached.has(id)),
        `${seed}`,
      ).toEqual([]);
    }
  });
});

describe("an arrow", () => {
  it("leads the way that it points", () => {
    const box = (x: number, y: number): Box => ({ x, y, width: 100, height: 30 });
    const boxes = new Map([
      ["a", box(0, 0)],
      ["b", box(150, 0)],
      ["c", box(0, 50)],
    ]);
    expect(neighbour(boxes, "a", "ArrowRight")).toBe("b");
    expect(neighbour(boxes, "a", "ArrowDown")).toBe("c");
    expect(neighbour(boxes, "a", "ArrowLeft")).toBeNull();
    expect(neighbour(boxes, "c", "ArrowUp")).toBe("a");
    expect(neighbour(boxes, "b", "PageDown")).toBe("c");
  });
});

describe("a fishbone", () => {
  it("is no wider than the room that it has, however much hangs on one bone", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { nodes, heights } = grown(seed, true);
      const last = nodes.findLast((node) => node.form === "bone");
      const tall = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => said(`tall${n}`, last?.id ?? ""));
      const layout = fishDrawing.place([...nodes, ...tall], 1100, (id) => heights.get(id) ?? 88);
      expect(layout.width, `${seed}`).toBeLessThanOrEqual(1100);
    }
  });

  it("writes nothing across a bone", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { layout, nodes } = laid(fishDrawing, seed);
      const bones = layout.lines.flatMap(({ path, strong }) => {
        const read = /^M(\S+) (\S+)L(\S+) (\S+)$/u.exec(path);
        return strong && read ? [read.slice(1).map(Number) as [number, number, number, number]] : [];
      });
      expect(bones.length).toBeGreaterThanOrEqual(6);
      for (const node of nodes.filter((one) => one.form === "said")) {
        const box = layout.boxes.get(node.id);
        if (!box) throw new Error(node.id);
        for (const [x1, y1, x2, y2] of bones) {
          for (const y of [box.y, box.y + box.height / 2, box.y + box.height]) {
            if ((y - y1) * (y - y2) > 0) continue;
            const x = x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
            expect(x > box.x + 0.01 && x < box.x + box.width - 0.01, `${seed}: ${node.id}`).toBe(false);
          }
        }
      }
    }
  });
});
