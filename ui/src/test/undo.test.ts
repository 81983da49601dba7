import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import Decide from "../features/improve/Decide.svelte";
import Ideas from "../features/improve/Ideas.svelte";
import Measures from "../features/improve/Measures.svelte";
import Observations from "../features/improve/Observations.svelte";
import Photos from "../features/improve/Photos.svelte";
import Team from "../features/improve/Team.svelte";
import Meeting from "../features/meetings/One.svelte";
import Present from "../features/meetings/Present.svelte";
import Pause from "../features/pauses/One.svelte";
import Template from "../features/templates/One.svelte";
import { carryBy } from "../lib/call";
import { enter } from "../lib/session.svelte";
import { indicator, place, started } from "./fixtures";

// jsdom draws no pictures.
vi.mock(import("../lib/photo"), async (real) => ({
  ...(await real()),
  shrunk: () => Promise.resolve({ image: "AA==", bytes: 1 }),
}));

const meta = (id: string) => ({
  id,
  author: "Awa",
  deleted: false,
  open: [],
  seen: { text: "v1", name: "v1" },
});
const trial = { meta: meta("t1"), observations: [], comments: [] };
const detail = {
  cycle: { meta: meta("c1"), place, title: "PFPP", status: "open" },
  writable: true,
  causes: [],
  drivers: [],
  lessons: [],
  measures: [],
  members: [],
  photos: [],
  decisions: [],
  rechecks: [],
  trials: [trial],
  ideas: [],
  comments: [],
};
const meeting = {
  meta: meta("m1"),
  place: place.id,
  attendance: [],
  present: { all: 0, women: 0, men: 0, community: 0 },
  team: [],
  writable: true,
};

/** What the screens of a meeting, a pause and a template show besides the text that is rewritten. */
const written = {
  ...meeting,
  place_name: "CSCom",
  day: "2026-11-22",
  period: "2026-Q4",
  venue: null,
  notes: null,
  before: [],
  agenda: [],
  decisions: [],
  actions: [],
  cycles: [],
  trials: [],
  expected: null,
  happened: null,
  why: null,
  level: "facility",
  version: 1,
  base: null,
  name: "Modèle",
  problem: "",
  aim_who: "",
  aim_what: "",
  measures: [],
  causes: [],
  ideas: [],
  sources: [],
};

let asked: [string, unknown][];
let deeds: (() => Promise<unknown>)[];
beforeEach(() => {
  asked = [];
  deeds = [];
  enter(started);
  carryBy((name, payload) => {
    asked.push([name, payload]);
    return Promise.resolve(/^(?:save|begin|add)_/u.test(name) ? { id: "new" } : []);
  });
});
afterEach(cleanup);

/** What the parts of a cycle's page are given. */
const of = (shown: unknown) => ({
  detail: shown as never,
  reason: null,
  refresh: () => Promise.resolve(),
});

/** What was written by a command is removed again when it is taken back. */
async function takenBack(command: string, kind: string) {
  await expect.poll(() => deeds.length).toBe(1);
  expect(asked.map(([name]) => name)).toContain(command);
  await deeds[0]?.();
  const back = asked.filter(([name]) => name === "delete_record");
  expect(back).toEqual([["delete_record", expect.objectContaining({ kind, id: "new" })]]);
}

/** What is added on a screen: where, in which field, by which command, and what is removed when that is taken back. */
const added: readonly [string, Component<never>, string, string, string][] = [
  ["an idea", Ideas as Component<never>, "Ajouter une idée", "save_idea", "idea"],
  [
    "an observation",
    Observations as Component<never>,
    "Noter une observation",
    "save_observation",
    "observation",
  ],
  [
    "a member of the team",
    Team as Component<never>,
    "Ajouter une personne à l’équipe",
    "save_member",
    "team_member",
  ],
  ["a lesson", Decide as Component<never>, "Titre de la leçon", "begin_lesson", "lesson"],
  [
    "somebody who was there",
    Present as Component<never>,
    "Ajouter une personne présente",
    "save_attendance",
    "attendance",
  ],
];

it.each(added)("takes back %s that was added", async (_, screenOf, field, command, kind) => {
  const props = {
    detail,
    meeting,
    trial,
    indicators: [],
    reason: null,
    refresh: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    did: (__: string, undo: () => Promise<unknown>) => deeds.push(undo),
  };
  render(screenOf as Component<Record<string, unknown>>, props);
  const box = screen.getByRole("textbox", { name: new RegExp(`^${field}`, "u") });
  await fireEvent.input(box, { target: { value: "Un mot" } });
  await fireEvent.submit(box.closest("form") as HTMLFormElement);
  await takenBack(command, kind);
});

it("takes back a measure that was added", async () => {
  const counted = indicator("MNCH-05");
  render(Measures, {
    ...of(detail),
    indicators: [counted],
    remove: () => Promise.resolve(),
    did: (_: string, undo: () => Promise<unknown>) => deeds.push(undo),
  });
  await userEvent.type(screen.getByRole("combobox", { name: "Ajouter une mesure" }), "MNCH");
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await takenBack("save_measure", "cycle_measure");
});

it("takes back a photo that was added", async () => {
  const { container } = render(Photos, {
    ...of(detail),
    trial,
    remove: () => Promise.resolve(),
    did: (_: string, undo: () => Promise<unknown>) => deeds.push(undo),
  } as never);
  const file = new File(["x"], "natte.jpg", { type: "image/jpeg" });
  await userEvent.upload(container.querySelector("input[type=file]") as HTMLInputElement, file);
  await fireEvent.click(await screen.findByRole("button", { name: /^Personne n’est reconnaissable/u }));
  await takenBack("add_photo", "photo");
});

/** What is rewritten on a screen of its own, which keeps what was done by itself: by which command, and in which field. */
const rewritten: readonly [string, Component, string, string, string, string][] = [
  ["of a meeting", Meeting as Component, "#/meetings/m1", "Ce qui s’est dit", "save_meeting", "notes"],
  ["of a pause", Pause as Component, "#/pauses/p1", "Pourquoi", "save_pause", "why"],
  ["of a template", Template as Component, "#/templates/e1", "Problème", "save_template", "problem"],
];

it.each(rewritten)(
  "takes back a text %s that was rewritten",
  async (_, screenOf, at, label, command, field) => {
    location.hash = at;
    const id = at.split("/")[2] ?? "";
    const shown = { ...written, meta: { ...meta(id), seen: { [field]: "v1" } }, [field]: "Avant" };
    carryBy((name, payload) => {
      asked.push([name, payload]);
      return Promise.resolve(["meeting", "pause", "place_template"].includes(name) ? shown : []);
    });
    render(screenOf, { id } as never);
    const box = await screen.findByRole("textbox", { name: new RegExp(`^${label}`, "u") });
    await fireEvent.input(box, { target: { value: "Après" } });
    await fireEvent.blur(box);
    await expect.poll(() => screen.queryByRole("button", { name: "Annuler" })).not.toBeNull();
    await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    const saved = () => asked.filter(([name]) => name === command);
    await expect.poll(() => saved().length).toBe(2);
    const values = saved().map(([, sent]) => (sent as { edits: { field: string; value: string }[] }).edits);
    expect(values).toEqual([
      [expect.objectContaining({ field, value: "Après" })],
      [expect.objectContaining({ field, value: "Avant" })],
    ]);
  },
);
