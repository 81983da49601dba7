import { describe, expect, it, vi } from "vitest";
import { FigureKeeper, gridOf } from "../../test/fixtures";
import { layBlock, linesOf, type Change } from "./grid";
import { Sheet } from "./sheet.svelte";

function open(codes: readonly string[], months = 3, needsReason = false) {
  const keeper = new FigureKeeper(gridOf(codes, months));
  const save = vi.fn((...[cells, reason]: Parameters<FigureKeeper["save"]>) =>
    Promise.resolve().then(() => keeper.save(cells, reason)),
  );
  const sheet = new Sheet({ save, needsReason: () => needsReason, language: () => "fr" });
  sheet.take(keeper.grid);
  return { sheet, keeper, save };
}

const change = (typed: string, seen: string | null = null): Change => ({
  indicator: "A",
  period: "2026-10",
  stratum: null,
  source: "register" as const,
  part: "numerator",
  typed,
  seen,
});

describe("the sheet", () => {
  it("saves one after another, and what was typed meanwhile follows our own version", async () => {
    const { sheet, save } = open(["A"]);
    void sheet.change([change("1")]);
    // Typed before the first answer: it saw the same empty cell.
    void sheet.change([change("12")]);
    await sheet.settled();
    expect(save.mock.calls.map(([cells]) => cells[0]?.numerator)).toEqual([
      { typed: "1", seen: null },
      { typed: "12", seen: "v1" },
    ]);
    expect(sheet.cell(change(""))?.numerator).toBe(12);
  });

  it("saves ten thousand pasted cells in one call", async () => {
    const codes = Array.from({ length: 84 }, (_, i) => `M${i}`);
    const { sheet, save } = open(codes, 60);
    const grid = sheet.grid;
    if (!grid) throw new Error("the sheet was given a grid");
    const block = Array.from({ length: 168 }, (_, i) => Array.from({ length: 60 }, (_, j) => String(i + j)));
    const laid = layBlock(block, { line: 0, col: 0 }, linesOf(grid.rows), grid.rows);
    expect(laid.changes).toHaveLength(10_080);
    await sheet.change(laid.changes);
    expect(save).toHaveBeenCalledOnce();
    expect(save.mock.calls[0]?.[0]).toHaveLength(84 * 60);
  });

  it("holds a coach's correction until there is a reason, but not a first figure", async () => {
    const { sheet, keeper, save } = open(["A"], 3, true);
    await sheet.change([change("18")]);
    expect(save).toHaveBeenCalledOnce();
    await sheet.change([change("17", "v1")]);
    expect(save).toHaveBeenCalledOnce();
    expect(sheet.held).toHaveLength(1);
    expect(sheet.typed(change(""))).toBe("17");
    await sheet.give("Recompté dans le registre");
    expect(save.mock.calls[1]?.[1]).toBe("Recompté dans le registre");
    expect(keeper.cell("A", "2026-10").numerator).toBe(17);
  });

  it("lets go of a correction that gets no reason", async () => {
    const { sheet, keeper } = open(["A"], 3, true);
    await sheet.change([change("18")]);
    await sheet.change([change("17", "v1")]);
    sheet.withdraw();
    expect(sheet.held).toBeNull();
    expect(sheet.typed(change(""))).toBeUndefined();
    expect(keeper.cell("A", "2026-10").numerator).toBe(18);
  });

  it("saves nothing of a block in which one text is no number", async () => {
    const { sheet, keeper } = open(["A"]);
    await sheet.change([change("18"), { ...change("dix"), period: "2026-09" }]);
    expect(sheet.error?.code).toBe("cell-invalid");
    expect(sheet.typed(change(""))).toBeUndefined();
    expect(keeper.cell("A", "2026-10").numerator).toBeNull();
  });
});
