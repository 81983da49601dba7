import type { PaperBlock } from "../bindings/PaperBlock";
import type { PaperItem } from "../bindings/PaperItem";
import type { PaperPicture } from "../bindings/PaperPicture";
import { bare } from "./picture";

/** What a screen puts on paper. */
export interface Paper {
  /** What it is: the file is called so, and the foot of each page says it. */
  name: string;
  /** Whether the pages lie on their long side. */
  landscape: boolean;
  /** Whether nothing on it says who made it, or when. */
  unsigned?: boolean;
  blocks: PaperBlock[];
}

export const title = (text: string, ...beneath: string[]): PaperBlock => ({ block: "title", text, beneath });
export const heading = (text: string, level = 1): PaperBlock => ({ block: "heading", text, level });
export const paragraph = (text: string): PaperBlock => ({ block: "paragraph", text });
export const note = (text: string): PaperBlock => ({ block: "note", text });

/** Lines with a black square. */
export const list = (lines: readonly string[]): PaperBlock => ({ block: "list", items: lines.map(line) });
export const line = (text: string): PaperItem => ({ text, open: false });

/** What was asked and answered; what has no answer is left out. */
export function fields(pairs: readonly (readonly [string, string | null | undefined])[]): PaperBlock {
  const answered = pairs.flatMap(([label, answer]) =>
    answer?.trim() ? [[label, answer] as [string, string]] : [],
  );
  return { block: "fields", pairs: answered };
}

/** The drawings within an element, in their order. */
export function drawings(within: ParentNode | undefined, shows: (at: number) => string): PaperPicture[] {
  const drawn = [...(within?.querySelectorAll<SVGSVGElement>("svg.plot") ?? [])];
  return drawn.map((svg, at) => ({ shows: shows(at), above: "", below: "", drawing: bare(svg) }));
}

export const pictures = (pictures: PaperPicture[], columns = 1): PaperBlock => ({
  block: "pictures",
  columns,
  pictures,
});
