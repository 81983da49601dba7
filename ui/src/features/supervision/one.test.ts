import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import type { AnswerType } from "../../bindings/AnswerType";
import { carryBy } from "../../lib/call";
import One from "./One.svelte";

afterEach(cleanup);

/** A visit whose saves come back after a while, and what was saved. */
function away(kinds: readonly AnswerType[], critical = false) {
  const values = kinds.map(() => "");
  const saved: [string, string][] = [];
  const visit = () => ({
    own: false,
    state: "under_way",
    place: "p",
    place_name: "CSCom",
    begun: "2026-08-12",
    planned: null,
    closed: null,
    returned: null,
    writable: true,
    lists: [],
    recommendations: [],
    earlier: [],
    before: null,
    recounts: [],
    photos: [],
    lacking: critical && values[0] === "no" ? ["Q1"] : [],
    parts: [
      {
        section: { fr: "S", en: "S" },
        station: null,
        questions: kinds.map((answer, at) => ({
          key: `Q${String(at + 1)}`,
          list: "a",
          item: `Q${String(at + 1)}`,
          round: "",
          code: `Q${String(at + 1)}`,
          text: { fr: `Question ${String(at + 1)}`, en: "" },
          hint: null,
          answer,
          offered: null,
          critical,
          disabled: false,
          asked: true,
          refused: null,
          constraint_message: null,
          value: values[at],
          note: null,
          mark: null,
          record: null,
          seen: {},
          open: [],
          before: null,
        })),
      },
    ],
  });
  carryBy(async (command, payload) => {
    if (command === "visit") return visit();
    if (command !== "save_answer") return [];
    const { item, edits } = payload as { item: string; edits: { value: string }[] };
    await new Promise((done) => setTimeout(done, 20));
    const value = edits[0]?.value ?? "";
    saved.push([item, value]);
    values[Number(item.slice(1)) - 1] = value;
    return visit();
  });
  return saved;
}

const press = (key: string, more: KeyboardEventInit = {}) =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );

it("gives fast keys to the questions one after another, and a held key to one", async () => {
  const saved = away(["yes_no_na", "yes_no_na", "whole", "yes_no_na"]);
  render(One, { id: "v" });
  await screen.findByRole("heading", { name: "Question 1" });
  press("1");
  press("1", { repeat: true });
  press("2");
  press("1");
  press("2");
  press("Enter");
  await waitFor(() => expect(saved.at(-1)).toEqual(["Q3", "12"]));
  expect(saved).toEqual([
    ["Q1", "yes"],
    ["Q2", "no"],
    ["Q3", "12"],
  ]);
  await screen.findByRole("heading", { name: "Question 4" });
});

it("lets no key that waited change a critical no", async () => {
  const saved = away(["yes_no_na", "yes_no_na"], true);
  render(One, { id: "v" });
  await screen.findByRole("heading", { name: "Question 1" });
  press("2");
  press("1");
  await waitFor(() => expect(saved).toEqual([["Q1", "no"]]));
  await new Promise((done) => setTimeout(done, 60));
  expect(saved).toEqual([["Q1", "no"]]);
});
