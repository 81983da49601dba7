import { expect, it } from "vitest";
import { recordName, wordOf } from "./recordwords";

it("names an event without words by its sort and its days", () => {
  const said = (label: string) => recordName("event", label).replaceAll("\u00a0", " ");
  expect(said("strike 2026-03-05 2026-03-12")).toBe("Grève, du 5 mars 2026 au 12 mars 2026");
  expect(said("stock_out 2026-03-05")).toBe("Rupture de stock, 5 mars 2026");
  expect(said("strike 2026-03-05 2026-03-05")).toBe("Grève, 5 mars 2026");
  expect(said("dépôt du district")).toBe("dépôt du district");
  expect(recordName("idea", "")).toBe("Idée");
});

it("names a meeting by its day as people say it", () => {
  expect(recordName("meeting", "2026-05-03").replaceAll("\u00a0", " ")).toBe("3 mai 2026");
  expect(recordName("meeting", "")).toBe("Réunion");
});

it("says where a count comes from, and never the inside of a chart", () => {
  expect(wordOf("source", "recount")).toBe("Recompte");
  expect(wordOf("source", "le cahier")).toBe("le cahier");
  expect(wordOf("chart", '{"points":[]}')).toBe("…");
  expect(wordOf("chart", "p")).toBe("Carte P, proportions");
});
