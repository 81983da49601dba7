import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import type { Component } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import Decide from "../features/improve/Decide.svelte";
import Ideas from "../features/improve/Ideas.svelte";
import Observations from "../features/improve/Observations.svelte";
import Team from "../features/improve/Team.svelte";
import Present from "../features/meetings/Present.svelte";
import { carryBy } from "../lib/call";
import { enter } from "../lib/session.svelte";
import { place, started } from "./fixtures";

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

let asked: [string, unknown][];
let deeds: (() => Promise<unknown>)[];
beforeEach(() => {
  asked = [];
  deeds = [];
  enter(started);
  carryBy((name, payload) => {
    asked.push([name, payload]);
    return Promise.resolve(name.startsWith("save_") || name.startsWith("begin_") ? { id: "new" } : []);
  });
});
afterEach(cleanup);

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
  await expect.poll(() => deeds.length).toBe(1);
  expect(asked.map(([name]) => name)).toContain(command);
  await deeds[0]?.();
  const back = asked.filter(([name]) => name === "delete_record");
  expect(back).toEqual([["delete_record", expect.objectContaining({ kind, id: "new" })]]);
});
