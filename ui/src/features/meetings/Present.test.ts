import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Meeting } from "../../bindings/Meeting";
import { carryBy } from "../../lib/call";
import { enter } from "../../lib/session.svelte";
import { place, started } from "../../test/fixtures";
import Present from "./Present.svelte";

let noted: number;
let answer: (() => void)[];
beforeEach(() => {
  noted = 0;
  answer = [];
  enter(started);
  carryBy((name) => {
    if (name !== "save_attendance") return Promise.resolve(null);
    noted += 1;
    return new Promise((resolve) => answer.push(() => resolve({ id: "a" })));
  });
  const meeting = {
    meta: { id: "m1" },
    place: place.id,
    attendance: [],
    present: { all: 0, women: 0, men: 0, community: 0 },
    team: [{ member: null, name: "Awa", sex: null, post: null, community: false }],
    writable: true,
  } as unknown as Meeting;
  render(Present, { meeting, refresh: () => Promise.resolve(), did: () => undefined });
});
afterEach(cleanup);

it("notes somebody once, however often or long the key is pressed", async () => {
  await fireEvent.keyDown(window, { key: "1", repeat: true });
  expect(noted).toBe(0);
  await fireEvent.keyDown(window, { key: "1" });
  await fireEvent.keyDown(window, { key: "1" });
  await fireEvent.click(screen.getByRole("button", { name: "Awa" }));
  expect(noted).toBe(1);
  answer[0]?.();
  await new Promise((resolve) => setTimeout(resolve));
  await fireEvent.keyDown(window, { key: "1" });
  expect(noted).toBe(2);
});

it("leaves the digits that are typed in a field to that field", async () => {
  for (const name of ["input", "select", "textarea"]) {
    const field = document.body.appendChild(document.createElement(name));
    await fireEvent.keyDown(field, { key: "1" });
    field.remove();
  }
  expect(noted).toBe(0);
});
