import type { DiagramNode } from "./layout";

/**
 * Whether a node may hang on another: not on itself or on what hangs below it, nor where it hangs already, nor where nothing
 * hangs. An idea belongs to something that has to change, never to the aim itself.
 */
export function mayHang(nodes: readonly DiagramNode[], id: string, onto: string): boolean {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const node = known.get(id);
  const target = known.get(onto);
  if (!node || node.fixed || !target || target.leaf || node.parent === onto) return false;
  if (node.form === "idea" && target.form === "root") return false;
  for (let at: DiagramNode | undefined = target; at; at = known.get(at.parent ?? "")) {
    if (at.id === id) return false;
  }
  return true;
}

/** A node's place among its neighbours. */
export interface Place {
  id: string;
  position: number;
}

/**
 * The places that change when a node goes one place up (-1) or down (1) among those that hang where it hangs; none at the end of
 * the row. Laptops that added apart may have given a place twice, so that the row is numbered anew as far as it must be.
 */
export function stepped(
  nodes: readonly DiagramNode[],
  id: string,
  by: -1 | 1,
  positionOf: (id: string) => number,
): Place[] {
  const parent = nodes.find((node) => node.id === id)?.parent;
  const row = nodes
    .filter((node) => node.form === "said" && node.parent === parent)
    .map((node) => ({ id: node.id, position: positionOf(node.id) }));
  const at = row.findIndex((one) => one.id === id);
  if (at < 0 || !row[at + by]) return [];
  let last = -1;
  const places = row.map(({ position }) => (last = Math.max(position, last + 1)));
  const order = row.toSpliced(at, 1);
  order.splice(at + by, 0, ...row.slice(at, at + 1));
  return order
    .map((one, i) => ({ id: one.id, position: places[i] ?? i }))
    .filter((one) => one.position !== positionOf(one.id));
}

/**
 * Moves a node one place up or down and writes every place that changes by it.
 *
 * @returns what puts all of them back; nothing where the row ends.
 */
export async function step(
  nodes: readonly DiagramNode[],
  id: string,
  by: -1 | 1,
  positionOf: (id: string) => number,
  write: (id: string, position: number) => Promise<unknown>,
): Promise<(() => Promise<void>) | null> {
  const places = stepped(nodes, id, by, positionOf);
  if (places.length === 0) return null;
  const before = places.map((place) => ({ id: place.id, position: Math.max(0, positionOf(place.id)) }));
  const save = async (all: readonly Place[]) => {
    for (const { id: one, position } of all) await write(one, position);
  };
  await save(places);
  return () => save(before);
}
