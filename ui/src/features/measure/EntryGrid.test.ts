import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { carryBy } from "../../lib/call";
import { enter } from "../../lib/session.svelte";
import { chartOf, FigureKeeper, gridOf, indicator, place, started } from "../../test/fixtures";
import GridPage from "./GridPage.svelte";

afterEach(cleanup);

async function open(codes: readonly string[], change: (keeper: FigureKeeper) => void = () => {}, months = 3) {
  const keeper = new FigureKeeper(gridOf(codes, months));
  change(keeper);
  carryBy(async (name, payload) => {
    const request = payload as Record<string, never>;
    switch (name) {
      case "grid":
        return keeper.grid;
      case "save_cells":
        return keeper.save(request["cells"] ?? [], request["reason"] ?? null);
      case "chart":
        return { place, indicator: indicator("A"), view: chartOf([]), marks: [] };
      default:
        throw new Error(`nobody answers ${name}`);
    }
  });
  enter(started);
  const user = userEvent.setup();
  render(GridPage, { indicator: null, period: null });
  await screen.findByRole("grid");
  await waitFor(() => expect(document.activeElement?.tagName).toBe("INPUT"));
  return { keeper, user };
}

const figures = (keeper: FigureKeeper, code: string, period: string) => {
  const { numerator, denominator, no_data } = keeper.cell(code, period);
  return [numerator, denominator, no_data];
};

describe("the grid under the hand", () => {
  it("begins in the month in hand, types over, and Enter goes on", async () => {
    const { keeper, user } = await open(["A", "B"]);
    await user.keyboard("18{Enter}31{Enter}7{Enter}9{Enter}");
    await waitFor(() => expect(figures(keeper, "B", "2026-10")).toEqual([7, 9, null]));
    expect(figures(keeper, "A", "2026-10")).toEqual([18, 31, null]);
    expect(await screen.findByText(/^58,1.%$/u)).toBeInTheDocument();
    expect(keeper.saves).toHaveLength(4);
  });

  it("names for each save the version that was on the screen", async () => {
    const { keeper, user } = await open(["A"]);
    await user.keyboard("18{Enter}{ArrowUp}19{Enter}");
    await waitFor(() => expect(keeper.saves).toHaveLength(2));
    expect(keeper.saves.map(({ cells }) => cells[0]?.numerator)).toEqual([
      { typed: "18", seen: null },
      { typed: "19", seen: "v1" },
    ]);
  });

  it("tells zero, no data and empty apart", async () => {
    const { keeper, user } = await open(["A", "B"]);
    await user.keyboard("0{Enter}{Enter}-{Enter}{ArrowUp}");
    await waitFor(() => expect(figures(keeper, "B", "2026-10")).toEqual([null, null, "other"]));
    expect(figures(keeper, "A", "2026-10")).toEqual([0, null, null]);
    await user.click(await screen.findByRole("button", { name: "rupture de stock" }));
    await waitFor(() => expect(keeper.cell("B", "2026-10").no_data).toBe("stock_out"));
    expect(keeper.cell("A", "2026-09").numerator).toBeNull();
  });

  it("leaves a cell as it was on Escape, and empties it on Delete", async () => {
    const { keeper, user } = await open(["A"]);
    await user.keyboard("18{Enter}{ArrowUp}99{Escape}{Enter}");
    await waitFor(() => expect(keeper.saves).toHaveLength(1));
    await user.keyboard("{ArrowUp}{Delete}");
    await waitFor(() => expect(keeper.cell("A", "2026-10").numerator).toBeNull());
  });

  it("changes inside the text after F2", async () => {
    const { keeper, user } = await open(["A"]);
    await user.keyboard("18{Enter}{ArrowUp}{F2}{End}5{Enter}");
    await waitFor(() => expect(keeper.cell("A", "2026-10").numerator).toBe(185));
  });

  it("undoes and does again", async () => {
    const { keeper, user } = await open(["A"]);
    await user.keyboard("18{Enter}31{Enter}");
    await waitFor(() => expect(figures(keeper, "A", "2026-10")).toEqual([18, 31, null]));
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(figures(keeper, "A", "2026-10")).toEqual([18, null, null]));
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(figures(keeper, "A", "2026-10")).toEqual([null, null, null]));
    await user.keyboard("{Control>}y{/Control}");
    await waitFor(() => expect(figures(keeper, "A", "2026-10")).toEqual([18, null, null]));
  });

  it("pastes a block in one save, and undoes it in one", async () => {
    const { keeper, user } = await open(["A", "B"]);
    await user.keyboard("{Control>}{Home}{/Control}");
    await user.paste("1\t2\t3\n4\t5\t6\n7\t8\t9\n10\t11\t12");
    await waitFor(() => expect(figures(keeper, "B", "2026-10")).toEqual([9, 12, null]));
    expect(keeper.saves).toHaveLength(1);
    expect(figures(keeper, "A", "2026-08")).toEqual([1, 4, null]);
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(figures(keeper, "A", "2026-08")).toEqual([null, null, null]));
    expect(keeper.saves).toHaveLength(2);
  });

  it("keeps on the screen what is refused, and says why", async () => {
    const { keeper, user } = await open(["A"]);
    await user.keyboard("douze{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("« douze » n’est pas un nombre");
    expect(screen.getByText("douze")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Laisser comme c’était" }));
    await waitFor(() => expect(screen.queryByText("douze")).not.toBeInTheDocument());
    expect(keeper.cell("A", "2026-10").numerator).toBeNull();
  });

  it("offers an empty grid the last twelve months first", async () => {
    const { user } = await open(["A"]);
    await user.click(screen.getByRole("button", { name: "Reprendre les 3 derniers mois" }));
    await waitFor(() => expect(document.activeElement).toHaveAccessibleName(/août\u00a02026/u));
  });

  it("takes twelve pairs by the keyboard alone, with three keys for a figure of two digits", async () => {
    const { keeper, user } = await open(["A"], () => {}, 12);
    let strokes = 0;
    const press = async (keys: string, count: number) => {
      strokes += count;
      await user.keyboard(keys);
    };
    await press("{Control>}{Home}{/Control}", 1);
    const months = keeper.grid.periods;
    for (const [i] of months.entries()) {
      await press(`${20 + i}{Enter}`, 3);
      await press(`${40 + i}{Enter}`, 3);
    }
    await waitFor(() => expect(figures(keeper, "A", months[11] ?? "")).toEqual([31, 51, null]));
    expect(figures(keeper, "A", months[0] ?? "")).toEqual([20, 40, null]);
    // A beginner who needs two seconds to find each key is done in two and a half minutes.
    expect(strokes).toBe(73);
  });
});
