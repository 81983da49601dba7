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
  });
  await userEvent.dblClick(screen.getByText(text));
  await userEvent.keyboard(" la veille{Tab}");
  await vi.waitFor(() => expect(save).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(screen.queryByDisplayValue(/la veille/u)).toBeNull());
  expect(screen.queryAllByRole("textbox")).toHaveLength(below ? 1 : 0);
});
