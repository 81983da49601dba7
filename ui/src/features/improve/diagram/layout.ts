import { stratify, tree } from "d3-hierarchy";

/** What a diagram draws: something said, below something else. */
export interface DiagramNode {
  id: string;
  parent: string | null;
  text: string;
  /** How it looks: what all hangs on, a bone of the fish, or what people wrote. */
  form: "root" | "bone" | "said" | "idea";
  /** Checked: drawn bold, with a mark. */
  verified?: boolean;
  /** Looked into, and is none: struck through. */
  ruledOut?: boolean;
  /** What is to be noticed, in words. */
  flag?: string;
  /** Nobody writes in it here. */
  fixed?: boolean;
  /** Nothing hangs below it. */
  leaf?: boolean;
}

/** A rectangle of a node. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where everything stands. */
export interface Layout {
  boxes: ReadonlyMap<string, Box>;
  /** Lines between them, as SVG paths; the strong ones carry the others. */
  lines: readonly { path: string; strong: boolean }[];
  width: number;
  height: number;
}

/** How wide a node is, known before its text is broken into lines. */
export type WidthOf = (node: DiagramNode) => number;

/** A way to lay nodes out: first the widths, then, once their heights are known, their places. */
export interface Drawing {
  widths: (nodes: readonly DiagramNode[], room: number) => WidthOf;
  place: (nodes: readonly DiagramNode[], room: number, heightOf: (id: string) => number) => Layout;
}

const BETWEEN = 10;
const COLUMN_GAP = 34;
const NARROWEST = 150;
const WIDEST = 230;

/** The children of each, in the order in which they came. */
function below(nodes: readonly DiagramNode[]): Map<string | null, DiagramNode[]> {
  const found = new Map<string | null, DiagramNode[]>();
  for (const node of nodes) found.set(node.parent, [...(found.get(node.parent) ?? []), node]);
  return found;
}

function depthOf(nodes: readonly DiagramNode[]): Map<string, number> {
  const children = below(nodes);
  const depths = new Map<string, number>();
  const walk = (parent: string | null, depth: number) => {
    for (const node of children.get(parent) ?? []) {
      depths.set(node.id, depth);
      walk(node.id, depth + 1);
    }
  };
  walk(null, 0);
  return depths;
}

function columnWidth(nodes: readonly DiagramNode[], room: number): number {
  const columns = Math.max(2, ...[...depthOf(nodes).values()].map((depth) => depth + 1));
  return Math.max(NARROWEST, Math.min(WIDEST, (room - (columns - 1) * COLUMN_GAP) / columns));
}

/** One root at the left, and what hangs on it in columns to the right. */
export const treeDrawing: Drawing = {
  widths: (nodes, room) => {
    const width = Math.floor(columnWidth(nodes, room));
    return () => width;
  },
  place: (nodes, room, heightOf) => {
    const boxes = new Map<string, Box>();
    if (nodes.length === 0) return { boxes, lines: [], width: 0, height: 0 };
    const width = Math.floor(columnWidth(nodes, room));
    const root = stratify<DiagramNode>()
      .id((node) => node.id)
      .parentId((node) => node.parent)([...nodes]);
    // Neighbours of one column stand as far apart as their heights ask for.
    const laid = tree<DiagramNode>()
      .nodeSize([1, width + COLUMN_GAP])
      .separation((a, b) => (heightOf(a.data.id) + heightOf(b.data.id)) / 2 + BETWEEN)(root);
    let top = Infinity;
    let bottom = -Infinity;
    laid.each((node) => {
      const height = heightOf(node.data.id);
      top = Math.min(top, node.x - height / 2);
      bottom = Math.max(bottom, node.x + height / 2);
    });
    let deepest = 0;
    laid.each((node) => {
      const height = heightOf(node.data.id);
      boxes.set(node.data.id, {
        x: node.depth * (width + COLUMN_GAP),
        y: node.x - height / 2 - top,
        width,
        height,
      });
      deepest = Math.max(deepest, node.depth);
    });
    const lines = laid.links().map(({ source, target }) => {
      const from = source.depth * (width + COLUMN_GAP) + width;
      const half = from + COLUMN_GAP / 2;
      const [y1, y2] = [source.x - top, target.x - top];
      return { path: `M${from} ${y1}H${half}V${y2}H${from + COLUMN_GAP}`, strong: false };
    });
    return {
      boxes,
      lines,
      width: deepest * (width + COLUMN_GAP) + width,
      height: bottom - top,
    };
  },
};

/** How far a bone leans for each unit of height. */
const LEAN = 0.3;
/** Where bones are so tall that the fish would not fit across, they lean less: as much as lets it. */
const LEANS = [LEAN, 0.22, 0.15, 0.1];
const STEEPEST = 0.05;
const INDENT = 14;
const EDGE = 10;
/** The tallest row that a width is reckoned for. */
const TALLEST = 64;
/** What stays free between a bone and what is written of the next one, where room is short. */
const TIGHTEST = 4;
const HEAD_GAP = 22;

function fishColumns(nodes: readonly DiagramNode[], room: number) {
  const bones = nodes.filter((node) => node.form === "bone");
  const columns = Math.max(1, Math.ceil(bones.length / 2));
  const head = Math.max(150, Math.min(190, room * 0.17));
  const column = Math.max(190, (room - head - HEAD_GAP) / (columns + 0.25));
  return { bones, columns, head, column };
}

/** What hangs on a bone, each after what it hangs on. */
function rowsOf(children: Map<string | null, DiagramNode[]>, bone: string): [DiagramNode, number][] {
  const rows: [DiagramNode, number][] = [];
  const walk = (parent: string, depth: number) => {
    for (const node of children.get(parent) ?? []) {
      rows.push([node, depth]);
      walk(node.id, depth + 1);
    }
  };
  walk(bone, 0);
  return rows;
}

/**
 * A fishbone: the head at the right is the root, bones lean towards it above and below the spine, and what hangs on a
 * bone is written beside it, what lies behind it further in.
 */
export const fishDrawing: Drawing = {
  widths: (nodes, room) => {
    const { head, column } = fishColumns(nodes, room);
    const depths = depthOf(nodes);
    const text = column - LEAN * TALLEST - 2 * EDGE;
    return (node) => {
      if (node.form === "root") return Math.floor(head);
      if (node.form === "bone") return Math.floor(Math.min(150, column - 24));
      return Math.floor(text - INDENT * Math.min(4, Math.max(0, (depths.get(node.id) ?? 2) - 2)));
    };
  },
  place: (nodes, room, heightOf) => {
    const { columns, column } = fishColumns(nodes, room);
    // Bones stand closer, as far as what is written between them lets them.
    const widthOf = fishDrawing.widths(nodes, room);
    const said = nodes.filter((node) => node.form === "said");
    const needs = (lean: number) =>
      said.map((node) => widthOf(node) + EDGE + lean * heightOf(node.id) + TIGHTEST);
    const leaning = (lean: number) => {
      const wide = fishAt(nodes, room, heightOf, column, lean);
      if (wide.width <= room) return wide;
      const least = Math.min(column, Math.max(0, ...needs(lean)));
      const closer = Math.max(least, column - (wide.width - room) / columns);
      return fishAt(nodes, room, heightOf, closer, lean);
    };
    for (const lean of LEANS) {
      const fish = leaning(lean);
      if (fish.width <= room) return fish;
    }
    return leaning(STEEPEST);
  },
};

/** The same with the bones so far apart, leaning so much. */
function fishAt(
  nodes: readonly DiagramNode[],
  room: number,
  heightOf: (id: string) => number,
  column: number,
  lean: number,
): Layout {
  const boxes = new Map<string, Box>();
  const { bones, columns, head } = fishColumns(nodes, room);
  const widthOf = fishDrawing.widths(nodes, room);
  const children = below(nodes);
  const root = nodes.find((node) => node.form === "root");
  const lines: { path: string; strong: boolean }[] = [];
  const sides = [bones.slice(0, columns), bones.slice(columns)];
  const reach = (bone: DiagramNode) =>
    rowsOf(children, bone.id).reduce((sum, [node]) => sum + heightOf(node.id) + BETWEEN, BETWEEN + 6);
  const labels = (side: DiagramNode[]) => Math.max(0, ...side.map((bone) => heightOf(bone.id)));
  const headHeight = root ? heightOf(root.id) : 0;
  // The name of a short bone would stand where the head is.
  const shortest = Math.max(48, headHeight / 2 + BETWEEN);
  const [above, under] = sides.map((side) => Math.max(shortest, ...side.map(reach))) as [number, number];
  const [over = [], below_ = []] = sides;
  const spine = Math.max(above + labels(over), headHeight / 2);
  const end = Math.max(spine + under + labels(below_), spine + headHeight / 2);
  // Bones lean to the left away from the spine, so the first one needs that much room.
  const start = Math.max(0, lean * Math.max(above, under) - column * 0.75);
  for (const [up, side] of [
    [true, over],
    [false, below_],
  ] as const) {
    const length = up ? above : under;
    side.forEach((bone, index) => {
      const foot = start + column * (index + 1);
      const at = (y: number) => foot - lean * Math.abs(spine - y);
      const far = up ? spine - length : spine + length;
      const width = widthOf(bone);
      const height = heightOf(bone.id);
      boxes.set(bone.id, { x: at(far) - width / 2, y: up ? far - height : far, width, height });
      lines.push({ path: `M${at(far)} ${far}L${foot} ${spine}`, strong: true });
      let y = up ? far + 6 : spine + BETWEEN;
      for (const [node] of rowsOf(children, bone.id)) {
        const tall = heightOf(node.id);
        const wide = widthOf(node);
        // The side of the row that is farther from the spine is where the bone is nearest to it.
        const bound = at(up ? y : y + tall) - EDGE;
        boxes.set(node.id, { x: bound - wide, y, width: wide, height: tall });
        const middle = y + tall / 2;
        lines.push({ path: `M${bound} ${middle}H${at(middle)}`, strong: false });
        y += tall + BETWEEN;
      }
    });
  }
  const tip = start + column * columns + HEAD_GAP;
  lines.push({ path: `M${Math.max(0, start)} ${spine}H${tip}`, strong: true });
  if (root)
    boxes.set(root.id, { x: tip, y: spine - headHeight / 2, width: widthOf(root), height: headHeight });
  // Nothing stands left of the edge; the boxes come in the order of what is read.
  const left = -Math.min(0, ...[...boxes.values()].map((box) => box.x));
  const read = nodes.flatMap(({ id }) => {
    const box = boxes.get(id);
    return box ? [[id, { ...box, x: box.x + left }] as const] : [];
  });
  return {
    boxes: new Map(read),
    lines: lines.map((line) => shifted(line, left)),
    width: tip + head + left,
    height: end,
  };
}

function shifted(line: { path: string; strong: boolean }, by: number) {
  const moved = line.path.replace(
    /([MLH])(-?[\d.]+)/gu,
    (_, letter: string, x: string) => `${letter}${Number(x) + by}`,
  );
  return { ...line, path: moved };
}

export const WAYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown"] as const;
export type Way = (typeof WAYS)[number];

/**
 * The node that a key leads to. An arrow: the nearest one that lies that way rather than aside. The page keys: the one
 * before and after, so that each is reached.
 */
export function neighbour(boxes: ReadonlyMap<string, Box>, from: string, way: Way): string | null {
  const here = boxes.get(from);
  if (!here) return null;
  if (way === "PageUp" || way === "PageDown") {
    const order = [...boxes.keys()];
    return order[order.indexOf(from) + (way === "PageDown" ? 1 : -1)] ?? null;
  }
  const across = way === "ArrowLeft" || way === "ArrowRight";
  const sign = way === "ArrowRight" || way === "ArrowDown" ? 1 : -1;
  let best: string | null = null;
  let nearest = Infinity;
  for (const [id, box] of boxes) {
    if (id === from) continue;
    const dx = box.x + box.width / 2 - here.x - here.width / 2;
    const dy = box.y + box.height / 2 - here.y - here.height / 2;
    const along = sign * (across ? dx : dy);
    const aside = Math.abs(across ? dy : dx);
    if (along <= 1) continue;
    const distance = along + 1.5 * aside;
    if (distance < nearest) {
      nearest = distance;
      best = id;
    }
  }
  return best;
}
