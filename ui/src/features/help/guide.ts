/** A piece of the guide, ready to be drawn as elements: no markup of the text reaches the page as markup. */
export type Block =
  | { kind: "heading"; level: 2 | 3; id: string; spans: Span[] }
  | { kind: "paragraph"; spans: Span[] }
  | { kind: "list"; ordered: boolean; items: Span[][] };

export interface Span {
  kind: "text" | "strong" | "key";
  text: string;
}

/** Reads the small part of Markdown that the guide is written in: headings, paragraphs, lists, **strong**, `key`. */
export function readGuide(source: string): Block[] {
  const blocks: Block[] = [];
  for (const chunk of source.replace(/\r\n/gu, "\n").split(/\n{2,}/u)) {
    const lines = chunk.split("\n").filter((line) => line.trim() !== "");
    const first = lines[0];
    if (first === undefined) continue;
    const heading = /^(#{1,3}) (.+?)(?: \{#([a-z-]+)\})?$/u.exec(first);
    if (heading) {
      const level = (heading[1] ?? "").length > 2 ? 3 : 2;
      blocks.push({ kind: "heading", level, id: heading[3] ?? "", spans: spansOf(heading[2] ?? "") });
      lines.shift();
    }
    if (lines.length === 0) continue;
    const marker = /^(?:[-*]|\d+\.) /u;
    if (lines.every((line) => marker.test(line) || /^\s{2,}/u.test(line))) {
      const items: string[] = [];
      for (const line of lines) {
        if (marker.test(line)) items.push(line.replace(marker, ""));
        else items.push(`${items.pop() ?? ""} ${line.trim()}`);
      }
      blocks.push({ kind: "list", ordered: /^\d/u.test(lines[0] ?? ""), items: items.map(spansOf) });
    } else {
      blocks.push({ kind: "paragraph", spans: spansOf(lines.map((line) => line.trim()).join(" ")) });
    }
  }
  return blocks;
}

function spansOf(text: string): Span[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/u).flatMap((piece): Span[] => {
    if (piece === "") return [];
    if (piece.startsWith("**")) return [{ kind: "strong", text: piece.slice(2, -2) }];
    if (piece.startsWith("`")) return [{ kind: "key", text: piece.slice(1, -1) }];
    return [{ kind: "text", text: piece }];
  });
}
