import { describe, expect, it } from "vitest";
import { readGuide } from "./guide";

const texts = import.meta.glob<string>("../../../../assets/guide/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("the guide", () => {
  it("reads headings, lists, strong words and keys", () => {
    expect(readGuide("## Mesurer {#measure}\n\nTapez `0`.\n\n- **Un**\n- deux\n  encore")).toEqual([
      { kind: "heading", level: 2, id: "measure", spans: [{ kind: "text", text: "Mesurer" }] },
      {
        kind: "paragraph",
        spans: [
          { kind: "text", text: "Tapez " },
          { kind: "key", text: "0" },
          { kind: "text", text: "." },
        ],
      },
      {
        kind: "list",
        ordered: false,
        items: [[{ kind: "strong", text: "Un" }], [{ kind: "text", text: "deux encore" }]],
      },
    ]);
  });

  it("leaves markup of a page as text", () => {
    expect(readGuide("<script>")).toEqual([
      { kind: "paragraph", spans: [{ kind: "text", text: "<script>" }] },
    ]);
  });

  it("has the same chapters in both languages, one for each screen", () => {
    const chapters = Object.values(texts).map((text) =>
      readGuide(text).flatMap((block) => (block.kind === "heading" && block.id ? [block.id] : [])),
    );
    expect(chapters).toHaveLength(2);
    expect(chapters[0]).toEqual(chapters[1]);
    expect(chapters[0]).toEqual([
      "today",
      "improve",
      "measure",
      "supervision",
      "share",
      "place",
      "backups",
      "sync",
    ]);
  });
});
