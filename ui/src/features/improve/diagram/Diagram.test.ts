import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { carryBy } from "../../../lib/call";
import Diagram from "./Diagram.svelte";
import { treeDrawing, type DiagramNode } from "./layout";

beforeEach(() => carryBy(() => Promise.resolve([])));
afterEach(cleanup);

const nodes: DiagramNode[] = [
  { id: "d", parent: null, text: "Les moyens", form: "said" },
  { id: "i", parent: "d", text: "Un rappel", form: "idea", leaf: true },
];

it.each([
  ["Un rappel", false],
  ["Les moyens", true],
])("goes on below « %s » with the tabulator where something may stand there: %s", async (text, below) => {
  const save = vi.fn(() => Promise.resolve());
  render(Diagram, {
    label: "Facteurs",
    nodes,
    drawing: treeDrawing,
    chosen: null,
    writable: true,
    addLabel: () => "Ajouter",
    save,
    add: () => Promise.resolve("n"),
    remove: () => Promise.resolve(),
    hang: () => Promise.resolve(),
    step: () => Promise.resolve(),
  });
  await userEvent.dblClick(screen.getByText(text));
  await userEvent.keyboard(" la veille{Tab}");
  await vi.waitFor(() => expect(save).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(screen.queryByDisplayValue(/la veille/u)).toBeNull());
  expect(screen.queryAllByRole("textbox")).toHaveLength(below ? 1 : 0);
});

it("carries a node elsewhere by the keyboard, and moves it among its neighbours", async () => {
  const hang = vi.fn(() => Promise.resolve());
  const step = vi.fn(() => Promise.resolve());
  const two: DiagramNode[] = [...nodes, { id: "e", parent: "d", text: "Le temps", form: "said" }];
  render(Diagram, {
    label: "Facteurs",
    nodes: two,
    drawing: treeDrawing,
    chosen: null,
    writable: true,
    addLabel: () => "Ajouter",
    save: () => Promise.resolve(),
    add: () => Promise.resolve("n"),
    remove: () => Promise.resolve(),
    hang,
    step,
  });
  const press = async (text: string, keys: string) => {
    screen.getByText(text).closest<HTMLElement>("[role=treeitem]")?.focus();
    await userEvent.keyboard(keys);
  };
  await press("Un rappel", "{Control>}x{/Control}");
  await press("Les moyens", "{Control>}v{/Control}");
  expect(hang).not.toHaveBeenCalled();
  await press("Un rappel", "{Control>}x{/Control}");
  await press("Le temps", "{Control>}v{/Control}");
  await vi.waitFor(() => expect(hang).toHaveBeenCalledExactlyOnceWith("i", "e"));
  await press("Le temps", "{Alt>}{ArrowUp}{/Alt}");
  await vi.waitFor(() => expect(step).toHaveBeenCalledExactlyOnceWith("e", -1));
});
