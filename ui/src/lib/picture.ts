/** What stands around a drawing in a picture of it. */
export interface Words {
  title: string;
  /** Below the title, as sentences. */
  said: string[];
  /** Above each drawing what it shows; empty where the title says it. */
  shows: (string | null)[];
  /** Below the drawings, small. */
  notes: string[];
}

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 24;
/** How many pixels of the picture one of the screen becomes: sharp on paper. */
const SHARP = 3;
const FACE = "Noto Sans";

/** What the styles of the screen say, as attributes that stand in the file; what is left out is what a drawing begins with. */
const KEPT: Record<string, string> = {
  fill: "rgb(0, 0, 0)",
  "fill-opacity": "1",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "stroke-opacity": "1",
  opacity: "1",
  "paint-order": "normal",
};
const OF_TEXT = ["font-size", "font-weight", "text-anchor"];
const STAY = new Set([
  "d",
  "x",
  "y",
  "x1",
  "x2",
  "y1",
  "y2",
  "cx",
  "cy",
  "r",
  "width",
  "height",
  "transform",
]);

/** Whether a text has letters that the first font file lacks: ɛ ɔ ɲ ŋ and their like. */
const isBeyond = (text: string) =>
  [...text].some((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code >= 0x100 && code < 0x2000 && !"Œœı".includes(letter);
  });

/** Between two drawings of a picture, in pixels. */
const BETWEEN = 12;

/**
 * Drawings of the screen, one below the other, as an SVG that needs nothing else: colours, fonts, title and notes are in it, on
 * white ground.
 */
export async function standing(drawn: readonly SVGSVGElement[], words: Words): Promise<string> {
  const width = Math.max(0, ...drawn.map((one) => one.width.baseVal.value));
  const out = document.createElementNS(SVG, "svg");
  const room = width;
  let y = MARGIN;
  const lines: SVGTextElement[] = [];
  const write = (text: string, size: number, weight: number, fill: string) => {
    for (const line of wrapped(text, room, size, weight)) {
      y += size * 1.35;
      lines.push(textLine(line, MARGIN, y, size, weight, fill));
    }
  };
  write(words.title, 20, 600, "#1f1913");
  for (const text of words.said) write(text, 14, 400, "#1f1913");
  y += 12;
  const groups = drawn.map((one, at) => {
    y += at === 0 ? 0 : BETWEEN;
    const shows = words.shows[at];
    if (shows) {
      write(shows, 12, 600, "#1f1913");
      y += BETWEEN;
    }
    const group = parts(one);
    set(group, { transform: `translate(${MARGIN} ${y})` });
    y += one.height.baseVal.value;
    return group;
  });
  y += 8;
  for (const text of words.notes) write(text, 11, 400, "#51473c");
  const height = Math.ceil(y + MARGIN);

  set(out, {
    xmlns: SVG,
    width: width + 2 * MARGIN,
    height,
    viewBox: `0 0 ${width + 2 * MARGIN} ${height}`,
    "font-family": `${FACE}, sans-serif`,
  });
  const style = document.createElementNS(SVG, "style");
  const ground = document.createElementNS(SVG, "rect");
  set(ground, { width: "100%", height: "100%", fill: "#ffffff" });
  out.append(style, ground, ...lines, ...groups);
  style.textContent = await faces(out.textContent);
  return new XMLSerializer().serializeToString(out);
}

/** A drawing of the screen by itself, for paper, which brings the fonts and stands the words around it. */
export function bare(drawn: SVGSVGElement): string {
  const out = document.createElementNS(SVG, "svg");
  const { width, height } = drawn.viewBox.baseVal;
  set(out, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FACE });
  out.append(parts(drawn));
  return new XMLSerializer().serializeToString(out);
}

function parts(drawn: SVGSVGElement): SVGGElement {
  const group = document.createElementNS(SVG, "g");
  for (const child of drawn.children) {
    const copy = plain(child);
    if (copy) group.append(copy);
  }
  return group;
}

function set(element: Element, pairs: Record<string, string | number>) {
  for (const [name, value] of Object.entries(pairs)) element.setAttribute(name, String(value));
}

/** An element with what its styles say written into it; none of what cannot be seen. */
function plain(element: Element): Element | null {
  const tag = element.tagName;
  if (tag === "title" || tag === "desc") return null;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return null;
  const copy = document.createElementNS(SVG, tag);
  for (const { name, value } of element.attributes) {
    if (STAY.has(name) || tag === "pattern" || (name === "id" && element.closest("defs"))) {
      copy.setAttribute(name, value);
    }
  }
  if (tag === "g" || tag === "defs" || tag === "pattern") {
    for (const child of element.children) {
      const inner = plain(child);
      if (inner) copy.append(inner);
    }
    return copy;
  }
  for (const [name, usual] of Object.entries(KEPT)) {
    const value = style.getPropertyValue(name);
    if (value !== "" && value !== usual) copy.setAttribute(name, value.replaceAll('"', "'"));
  }
  const filled = element.getAttribute("fill");
  if (filled?.startsWith("url(")) copy.setAttribute("fill", filled);
  const seen = copy.getAttribute("fill") !== "none" && !/, 0\)$/.test(copy.getAttribute("fill") ?? "");
  if (!seen && !copy.hasAttribute("stroke")) return null;
  if (tag === "text") {
    for (const name of OF_TEXT) copy.setAttribute(name, style.getPropertyValue(name));
    copy.textContent = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE || (node as Element).tagName === "tspan")
      .map((node) => node.textContent)
      .join("")
      .trim();
  }
  return copy;
}

function textLine(text: string, x: number, y: number, size: number, weight: number, fill: string) {
  const line = document.createElementNS(SVG, "text");
  const pairs = { x, y, "font-size": size, "font-weight": weight, fill };
  set(line, pairs);
  line.textContent = text;
  return line;
}

function wrapped(text: string, width: number, size: number, weight: number): string[] {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return [text];
  pen.font = `${weight} ${size}px "${FACE}"`;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && pen.measureText(`${last} ${word}`).width <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** The fonts, written into the file: whoever opens it may not have them. */
async function faces(text: string): Promise<string> {
  const files = [(await import("../../../assets/fonts/noto-sans.woff2?inline")).default];
  if (isBeyond(text)) files.push((await import("../../../assets/fonts/noto-sans-ext.woff2?inline")).default);
  const face = (file: string, family: string) =>
    `@font-face{font-family:"${family}";font-weight:100 900;src:url("${file}") format("woff2")}`;
  const names = files.map((_, at) => (at === 0 ? FACE : `${FACE} ${at}`));
  const family = names.map((name) => `"${name}"`).join(",");
  return `${files.map((file, at) => face(file, names[at] ?? FACE)).join("")}svg{font-family:${family},sans-serif}text{font-variant-numeric:tabular-nums}`;
}

/** The same picture in pixels. */
export async function pixels(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * SHARP;
  canvas.height = image.height * SHARP;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.scale(SHARP, SHARP);
  pen.drawImage(image, 0, 0);
  // The fonts of the picture may come a moment after it: only what is drawn again has them for certain.
  await new Promise((again) => setTimeout(again, 60));
  pen.drawImage(image, 0, 0);
  return new Promise((take, fail) =>
    canvas.toBlob((blob) => (blob ? take(blob) : fail(new Error("no picture"))), "image/png"),
  );
}
