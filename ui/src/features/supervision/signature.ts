import type { PaperPicture } from "../../bindings/PaperPicture";

/** The box in which a signature is drawn, in the units of its path, as `domain::visit` has them. */
export const WIDTH = 600;
export const HEIGHT = 200;
/** The longest path that is kept. */
const LONGEST = 8_000;

export type Stroke = readonly (readonly [number, number])[];

const within = (at: number, most: number) => Math.min(Math.max(Math.round(at), 0), most);

/** How far points lie apart that are kept, in the units of the box: no finer than they are seen. */
const APART = 3;

/** Strokes as they are kept: a path of SVG in whole numbers; null where nothing was drawn, or more than can be kept. */
export function pathOf(strokes: readonly Stroke[]): string | null {
  // A long signature keeps fewer of its points, so that it is kept whole.
  for (let every = 1; every <= 64; every *= 2) {
    const path = strokes.map((stroke) => lines(stroke, every)).join(" ");
    if (path.length <= LONGEST) return path === "" ? null : path;
  }
  return null;
}

function lines(stroke: Stroke, every: number): string {
  const far: (readonly [number, number])[] = [];
  for (const [x, y] of stroke) {
    const last = far.at(-1);
    if (!last || Math.hypot(x - last[0], y - last[1]) >= APART) far.push([x, y]);
  }
  const kept = far.filter((_, at) => at % every === 0);
  // A point alone is a dot, and a line goes on to where it ended.
  const points = [...kept, ...stroke.slice(-1)].map(([x, y]) => `${within(x, WIDTH)} ${within(y, HEIGHT)}`);
  return `M ${points[0] ?? ""} L ${points.slice(1).join(" ")}`;
}

/** A signature as a drawing, as paper takes it. */
export const onPaper = (path: string, shows: string): PaperPicture => ({
  shows,
  above: shows,
  below: "",
  drawing: `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH / 2}" height="${HEIGHT / 2}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><path d="${path}" fill="none" stroke="#000" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
});
