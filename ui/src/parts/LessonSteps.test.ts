import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Lesson } from "../bindings/Lesson";
import { carryBy } from "../lib/call";
import LessonSteps from "./LessonSteps.svelte";

let asked: [string, unknown][];
let answer: () => void;
beforeEach(() => {
  asked = [];
  carryBy((name, payload) => {
    asked.push([name, payload]);
    return new Promise((resolve) => (answer = () => resolve(null)));
  });
});
afterEach(cleanup);

const SHARE = "Partager avec les centres du district";
const button = (name: string) => screen.queryByRole("button", { name });

function open(change: Partial<Lesson>) {
  const lesson = { meta: { id: "l1" }, state: "draft", copied: false, left: false, behind: false };
  const moved: string[] = [];
  render(LessonSteps, {
    lesson: { ...lesson, may_review: true, may_share: true, ...change } as Lesson,
    reason: null,
    onmoved: () => moved.push("moved"),
  });
  return moved;
}

it("shares a lesson that was reviewed, once, however often the button is pressed", async () => {
  const moved = open({ state: "reviewed" });
  const share = screen.getByRole("button", { name: SHARE });
  await fireEvent.click(share);
  await fireEvent.click(share);
  await expect.poll(() => asked).toEqual([["move_lesson", { id: "l1", state: "shared", reason: null }]]);
  answer();
  await expect.poll(() => moved).toEqual(["moved"]);
  expect(share).toBeDisabled();
});

it("offers sharing to nobody before a lesson is reviewed, and to whoever may share alone", () => {
  open({ state: "draft" });
  expect(button(SHARE)).toBeNull();
  expect(button("Dire que la leçon est relue")).not.toBeNull();
  cleanup();
  open({ state: "reviewed", may_share: false });
  expect(button(SHARE)).toBeNull();
  expect(screen.getByText(/^Relue\./u)).toBeInTheDocument();
  cleanup();
  open({ state: "reviewed", copied: true });
  expect(button(SHARE)).toBeNull();
});

it("shares again what was changed since", async () => {
  open({ state: "shared", behind: true });
  await fireEvent.click(screen.getByRole("button", { name: "Partager cette version" }));
  await expect.poll(() => asked.map(([name]) => name)).toEqual(["move_lesson"]);
});
