import type { Extent } from "../../bindings/Extent";
import { EXTENTS } from "../../lib/recordwords";

/** A trial as far as its place in the picture goes. */
export interface Stair {
  extent: Extent | null;
  title: string;
}

/** Where a card of the picture stands. */
export interface Placed {
  x: number;
  y: number;
  /** The title, in lines that fit. */
  lines: string[];
}

export interface RampDrawing {
  width: number;
  height: number;
  cards: Placed[];
  /** The steps that are drawn, with the middle of each. */
  levels: { extent: Extent; y: number }[];
  /** From card to card. */
  path: string;
}

export const CARD = { width: 148, height: 92 } as const;
const LEFT = 132;
const GAP = 26;
const RISE = 44;
const LINE = 21;
const MOST_LINES = 3;

/** A text in lines of so many letters; what does not fit ends in an ellipsis. */
export function inLines(text: string, letters: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word.length > letters ? `${word.slice(0, letters - 1)}…` : word);
  }
  if (lines.length <= most) return lines;
  const end = (lines[most - 1] ?? "").slice(0, letters - 1).trimEnd();
  return [...lines.slice(0, most - 1), `${end}…`];
}

/** A ramp as stairs: each trial a card, to the right of the one before, and higher the larger it is. */
export function rampDrawing(stairs: readonly Stair[]): RampDrawing {
  const known = stairs.flatMap(({ extent }) => (extent === null ? [] : [EXTENTS.indexOf(extent)]));
  const lowest = known.length > 0 ? Math.min(...known) : 0;
  const highest = known.length > 0 ? Math.max(...known) : 0;
  const top = 8;
  const y = (level: number) => top + CARD.height / 2 + (highest - level) * RISE;
  let level = lowest;
  const cards = stairs.map(({ extent, title }, at) => {
    // One whose size was not said stands as high as the one before.
    if (extent !== null) level = EXTENTS.indexOf(extent);
    return {
      x: LEFT + at * (CARD.width + GAP),
      y: y(level) - CARD.height / 2,
      lines: inLines(title, LINE, MOST_LINES),
    };
  });
  const path = cards
    .slice(1)
    .map((card, at) => {
      const before = cards[at] ?? card;
      const [from, to] = [before.y + CARD.height / 2, card.y + CARD.height / 2];
      const middle = before.x + CARD.width + GAP / 2;
      return `M${before.x + CARD.width} ${from}H${middle}V${to}H${card.x - 5}`;
    })
    .join("");
  return {
    width: LEFT + stairs.length * (CARD.width + GAP),
    height: y(lowest) + CARD.height / 2 + 8,
    cards,
    levels: EXTENTS.flatMap((extent, at) =>
      known.length > 0 && at >= lowest && at <= highest ? [{ extent, y: y(at) }] : [],
    ),
    path,
  };
}
