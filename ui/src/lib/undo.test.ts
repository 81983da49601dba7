import { describe, expect, it } from "vitest";
import { asksUndo, Deeds } from "./undo.svelte";

describe("what was done", () => {
  it("is taken back one by one, the last first", async () => {
    const deeds = new Deeds();
    const back: string[] = [];
    for (const name of ["one", "two"]) {
      deeds.did(name, () => Promise.resolve(back.push(name)));
    }
    expect(deeds.last?.said).toBe("two");
    await deeds.undo();
    await deeds.undo();
    await deeds.undo();
    expect(back).toEqual(["two", "one"]);
    expect(deeds.last).toBeUndefined();
  });

  it("stays to be taken back when that fails", async () => {
    const deeds = new Deeds();
    deeds.did("one", () => Promise.reject(new Error("full")));
    await expect(deeds.undo()).rejects.toThrow("full");
    expect(deeds.last?.said).toBe("one");
  });

  it("leaves Ctrl+Z to a field that is being typed in", () => {
    const asked = (tag: string) => {
      const target = document.body.appendChild(document.createElement(tag));
      const event = new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true });
      target.dispatchEvent(event);
      return asksUndo(event);
    };
    expect(asked("textarea")).toBe(false);
    expect(asked("div")).toBe(true);
  });
});
