import type { ProgressNote } from "../../bindings/ProgressNote";

/** The ten levels, from 0.5 to 5 by halves, in tenths. */
export const LEVELS = ["5", "10", "15", "20", "25", "30", "35", "40", "45", "50"] as const;

/** The score of a level. */
export const scoreOf = (level: string): number => Number(level) / 10;

/** The level of a score. */
export const levelOf = (score: number): string => String(Math.round(score * 10));

export interface Stairs {
  width: number;
  height: number;
  path: string;
  points: { id: string; x: number; y: number }[];
  rules: { score: number; y: number }[];
}

/** The scores over time: a level holds until another one is said. */
export function stairs(notes: readonly ProgressNote[]): Stairs {
  const [width, height, left, top, bottom] = [480, 120, 30, 8, 98];
  const y = (score: number) => bottom - (score / 5) * (bottom - top);
  const scored = notes.filter((note) => note.score !== null && note.day !== null);
  const days = scored.map((note) => Date.parse(note.day ?? ""));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const points = scored.map((note, at) => {
    const share =
      last > first ? ((days[at] ?? first) - first) / (last - first) : at / Math.max(1, scored.length - 1);
    return { id: note.meta.id, x: left + share * (width - left - 8), y: y(note.score ?? 0) };
  });
  return {
    width,
    height,
    path: points
      .map((point, at) => (at === 0 ? `M${point.x} ${point.y}` : `H${point.x}V${point.y}`))
      .join(""),
    points,
    rules: [0.5, 2.5, 5].map((score) => ({ score, y: y(score) })),
  };
}
