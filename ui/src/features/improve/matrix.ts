import type { Idea } from "../../bindings/Idea";

/** The lowest and the highest of both scales. */
export const SCALE = [1, 2, 3, 4, 5] as const;
const MIDDLE = 3;

/** An idea that has been placed. */
export type Placed = Idea & { effort: number; effect: number };

export const isPlaced = (idea: Idea): idea is Placed => idea.effort !== null && idea.effect !== null;

/** Where an idea stands: what it brings for what it asks. */
export type Quarter = "first" | "big" | "small" | "later";

export function quarterOf({ effort, effect }: { effort: number; effect: number }): Quarter {
  if (effect >= MIDDLE) return effort <= MIDDLE ? "first" : "big";
  return effort <= MIDDLE ? "small" : "later";
}

/** The order in which they are worth trying: what brings most for the least work first; it advises, and no more. */
export function inOrder(ideas: readonly Placed[]): Placed[] {
  const worth = (idea: Placed) => idea.effect - idea.effort;
  return [...ideas].sort((a, b) => worth(b) - worth(a) || b.effect - a.effect || a.position - b.position);
}

/** The scales of an idea after an arrow: one that has none yet begins in the middle. */
export function moved(
  idea: { effort: number | null; effect: number | null },
  key: string,
): { effort: number; effect: number } | null {
  const steps: Partial<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const step = steps[key];
  if (!step) return null;
  if (idea.effort === null || idea.effect === null) return { effort: MIDDLE, effect: MIDDLE };
  const within = (value: number) => Math.max(1, Math.min(5, value));
  return { effort: within(idea.effort + step[0]), effect: within(idea.effect + step[1]) };
}
