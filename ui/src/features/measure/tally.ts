/** More strokes than this are not drawn: the number beside them says it. */
const MOST = 150;

/** A count as strokes in groups of five, the last one with what is left; none where there would be too many to be seen. */
export function strokes(count: number): number[] {
  if (count > MOST) return [];
  const full = Math.floor(count / 5);
  const rest = Math.floor(count) % 5;
  return [...Array.from({ length: full }, () => 5), ...(rest > 0 ? [rest] : [])];
}

/** Counts together; nothing while none of them is there, since nothing is not zero. */
export function together(counts: readonly (number | null)[]): number | null {
  const said = counts.filter((count) => count !== null);
  return said.length === 0 ? null : said.reduce((sum, count) => sum + count, 0);
}

/** What was counted and could not be saved before the page was left, by place, measure and month. */
export const unsaved = new Map<string, Map<string, number | null>>();
