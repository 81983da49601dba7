import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import type { Cell } from "../../bindings/Cell";
import type { CellEdit } from "../../bindings/CellEdit";
import type { Grid } from "../../bindings/Grid";
import type { GridRow } from "../../bindings/GridRow";
import { carryBy } from "../../lib/call";
import { enter } from "../../lib/session.svelte";
import { gridOf, indicator, started } from "../../test/fixtures";
import Tally from "./Tally.svelte";

afterEach(cleanup);

const CASES = indicator("A", { denominator: null });
const VILLAGES = ["Tagan", "Sido"];

/** The community's rows of one measure: the whole as it was given, and two villages. */
function community(whole: number | null): Grid {
  const grid = gridOf(["A"]);
  const row = (village: string | null, numerator: number | null): GridRow => ({
    indicator: CASES,
    stratum: village === null ? null : { key: `site:${village}`, by: "site", name: village },
    source: "community",
    goal: null,
    cycles: [],
    cells: (grid.rows[0]?.cells ?? []).map((cell) => ({
      ...cell,
      stratum: village === null ? null : `site:${village}`,
      source: "community",
      numerator: cell.period === "2026-10" ? numerator : null,
    })),
  });
  return {
    ...grid,
    rows: [
      ...grid.rows.map((one) => ({ ...one, indicator: CASES })),
      row(null, whole),
      ...VILLAGES.map((name) => row(name, null)),
    ],
  };
}

/** Opens the tally; what is saved is kept here by the part it is of, and the first saves fail as often as asked. */
async function open(whole: number | null, fails = 0) {
  const grid = community(whole);
  const kept = new Map<string, number | null>();
  let refused = 0;
  const keep = (edit: CellEdit): Cell => {
    const cell = grid.rows
      .find((row) => row.source === edit.source && (row.stratum?.key ?? null) === edit.stratum)
      ?.cells.find((one) => one.period === edit.period);
    if (!cell) throw new Error("no such cell");
    const typed = edit.numerator?.typed ?? "";
    const numerator = typed === "" ? null : Number(typed);
    kept.set(edit.stratum ?? "whole", numerator);
    return { ...cell, numerator };
  };
  carryBy(async (name, payload) => {
    if (name === "grid") return grid;
    if (name !== "save_cells") throw new Error(`nobody answers ${name}`);
    if (refused < fails) {
      refused += 1;
      throw { code: "storage", params: {} };
    }
    return (payload as { cells: CellEdit[] }).cells.map(keep);
  });
  enter(started);
  const user = userEvent.setup();
  render(Tally, {});
  const [first] = await screen.findAllByRole("spinbutton");
  first?.focus();
  return { kept, user, refused: () => refused };
}

it("begins a new number in the next village", async () => {
  const { kept, user } = await open(null);
  await user.keyboard("12");
  await user.tab();
  await user.keyboard("5");
  await user.tab({ shift: true });
  await user.keyboard("7");
  await waitFor(() => expect(kept.get("whole")).toBe(12), { timeout: 3000 });
  expect(kept.get("site:Tagan")).toBe(7);
  expect(kept.get("site:Sido")).toBe(5);
});

it("leaves a whole that was given by itself, and says so", async () => {
  const { kept, user } = await open(57);
  expect(screen.getByText(/57/u)).toBeInTheDocument();
  await user.keyboard(" ");
  await waitFor(() => expect(kept.get("site:Tagan")).toBe(1), { timeout: 3000 });
  expect(kept.has("whole")).toBe(false);
});

it("keeps the strokes of a save that failed, and saves them with the next", async () => {
  const { kept, user, refused } = await open(null, 1);
  await user.keyboard("  ");
  await waitFor(() => expect(refused()).toBe(1), { timeout: 3000 });
  await user.tab();
  await user.keyboard(" ");
  await waitFor(() => expect(kept.get("whole")).toBe(3), { timeout: 3000 });
  expect(kept.get("site:Tagan")).toBe(2);
});

it("finds the strokes again that could not be saved before the page was left", async () => {
  const first = await open(null, 99);
  await first.user.keyboard("   ");
  await waitFor(() => expect(first.refused()).toBeGreaterThan(0), { timeout: 3000 });
  cleanup();
  await waitFor(() => expect(first.refused()).toBeGreaterThan(1), { timeout: 3000 });
  const second = await open(null);
  await waitFor(() => expect(second.kept.get("site:Tagan")).toBe(3), { timeout: 3000 });
});
