import { expect, it } from "vitest";
import { recordName } from "./recordwords";

it("names an event without words by its sort and its days", () => {
  const said = (label: string) => recordName("event", label).replaceAll("\u00a0", " ");
  expect(said("strike 2026-03-05 2026-03-12")).toBe("Grève, du 5 mars 2026 au 12 mars 2026");
  expect(said("stock_out 2026-03-05")).toBe("Rupture de stock, 5 mars 2026");
  expect(said("strike 2026-03-05 2026-03-05")).toBe("Grève, 5 mars 2026");
  expect(said("dépôt du district")).toBe("dépôt du district");
  expect(recordName("idea", "")).toBe("Idée");
});
