import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Doubt } from "../bindings/Doubt";
import { carryBy } from "../lib/call";
import { PAUSE_MS } from "../lib/draft.svelte";
import Field from "./Field.svelte";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
beforeEach(() => carryBy((_, payload) => Promise.resolve(looks((payload as { text: string }).text))));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Stands for the app's rule: whoever writes « Mme » names someone. */
function looks(text: string): Doubt[] {
  return text.includes("Mme Koné") ? [{ likeness: "name", piece: "Mme Koné" }] : [];
}

function open(
  save: (text: string, seen: string | null) => Promise<unknown>,
  more: { numeric?: boolean } = {},
) {
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const view = render(Field, { label: "Problème", value: "Peu de CPN", seen: "t0", save, ...more });
  return { user, ...view, box: screen.getByLabelText("Problème") };
}

describe("a field", () => {
  it("saves after a pause, with the version that was on the screen", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box } = open(save);
    await user.type(box, " ici");
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPN ici", "t0");
    expect(await screen.findByText(/^Enregistré à/u)).toBeInTheDocument();
  });

  it("saves when it is left, and only when something changed", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box } = open(save);
    await user.click(box);
    await user.tab();
    expect(save).not.toHaveBeenCalled();
    await user.type(box, "!");
    await user.tab();
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPN!", "t0");
  });

  it("follows its own value: the next save names the new version", async () => {
    const save = vi.fn<(text: string, seen: string | null) => Promise<void>>();
    const { user, box, rerender } = open(save);
    save.mockImplementation((text) => rerender({ value: text, seen: "t1" }));
    await user.type(box, "a");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await user.type(box, "b");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(save.mock.calls).toEqual([
      ["Peu de CPNa", "t0"],
      ["Peu de CPNab", "t1"],
    ]);
  });

  it("leaves a space just typed to whoever types on, and shows what was saved when it is left", async () => {
    const save = vi.fn<(text: string, seen: string | null) => Promise<void>>();
    const { user, box, rerender } = open(save);
    let version = 0;
    save.mockImplementation((text) => rerender({ value: text.trim(), seen: `t${(version += 1)}` }));
    await user.type(box, " ");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(box).toHaveValue("Peu de CPN ");
    await user.type(box, "ici ");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await user.tab();
    expect(box).toHaveValue("Peu de CPN ici");
    expect(save.mock.calls).toEqual([
      ["Peu de CPN ", "t0"],
      ["Peu de CPN ici ", "t1"],
    ]);
  });

  it("keeps what is being typed when another value arrives, and still names the one that was seen", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box, rerender } = open(save);
    await user.type(box, "x");
    await rerender({ value: "Autre chose", seen: "t9" });
    expect(box).toHaveValue("Peu de CPNx");
    await user.tab();
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPNx", "t0");
  });

  it("says what went wrong and keeps the text", async () => {
    const save = vi.fn(() => Promise.reject({ code: "disk-full", params: {} }));
    const { user, box } = open(save);
    await user.type(box, "x");
    await user.tab();
    expect(await screen.findByRole("alert")).toHaveTextContent("Le disque est plein");
    expect(box).toHaveValue("Peu de CPNx");
  });

  it("saves what was typed when the screen goes away", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box, unmount } = open(save);
    await user.type(box, "x");
    unmount();
    await vi.advanceTimersByTimeAsync(0);
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPNx", "t0");
  });

  it("does not save what is no number", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box } = open(save, { numeric: true });
    await user.clear(box);
    await user.type(box, "douze");
    await user.tab();
    expect(save).not.toHaveBeenCalled();
    expect(screen.getByRole("alert")).toHaveTextContent("Ce n’est pas un nombre");
  });

  it("asks about what looks like a patient before it saves, and keeps it when told to", async () => {
    const save = vi.fn<(text: string, seen: string | null) => Promise<void>>();
    const { user, box, rerender } = open(save);
    save.mockImplementation((text) => rerender({ value: text, seen: "t1" }));
    await user.type(box, " de Mme Koné");
    await user.tab();
    expect(await screen.findByText(/« Mme Koné » ressemble au nom d’une personne/u)).toBeInTheDocument();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(save).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Garder tel quel" }));
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPN de Mme Koné", "t0");
    await user.type(box, " ici");
    await user.tab();
    expect(save).toHaveBeenLastCalledWith("Peu de CPN de Mme Koné ici", "t1");
  });

  it("leads back to the text that is to be corrected", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box } = open(save);
    await user.type(box, " de Mme Koné");
    await user.tab();
    await user.click(await screen.findByRole("button", { name: "Corriger" }));
    expect(box).toHaveFocus();
    await user.clear(box);
    await user.type(box, "Peu de CPN ici");
    await user.tab();
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPN ici", "t0");
    expect(screen.queryByRole("button", { name: "Garder tel quel" })).not.toBeInTheDocument();
  });

  it("loses nothing when the screen goes away with a question open, nor when it cannot be put", async () => {
    const save = vi.fn(() => Promise.resolve());
    const { user, box, unmount } = open(save);
    await user.type(box, " de Mme Koné");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    unmount();
    await vi.advanceTimersByTimeAsync(0);
    expect(save).toHaveBeenCalledExactlyOnceWith("Peu de CPN de Mme Koné", "t0");

    carryBy(() => Promise.reject(new Error("no way to the app")));
    const again = vi.fn(() => Promise.resolve());
    const other = open(again);
    await other.user.type(other.box, " de Mme Koné");
    await other.user.tab();
    expect(again).toHaveBeenCalledExactlyOnceWith("Peu de CPN de Mme Koné", "t0");
  });
});
