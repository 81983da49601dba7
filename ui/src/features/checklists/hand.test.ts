import { beforeEach, expect, it, vi } from "vitest";
import type { Checklist } from "../../bindings/Checklist";
import { carryBy } from "../../lib/call";
import { allSaved } from "../../lib/leaving";
import { Hand } from "./hand.svelte";

const list = (title: string): Checklist => ({
  code: "x",
  version: "",
  title: { fr: title, en: "" },
  area: null,
  sections: [],
  items: [],
  lists: [],
  scoring: "pooled",
  bands: { good: 80, fair: 50 },
});

let refused: string | null = null;
let stored: Checklist[] = [];

beforeEach(() => {
  refused = null;
  stored = [];
  vi.useFakeTimers();
  carryBy((_, request) => {
    if (refused !== null) return Promise.reject({ code: refused, params: {} });
    stored.push((request as { checklist: Checklist }).checklist);
    return Promise.resolve({ seen: String(stored.length) });
  });
});

it("keeps what could not be saved in hand, and saves it when asked again", async () => {
  const hand = new Hand("1", list("a"), "0");
  refused = "store-failed";
  hand.change(list("b"));
  await vi.advanceTimersByTimeAsync(1000);
  expect(hand.error?.code).toBe("store-failed");
  expect(await allSaved()).toBe(false);
  refused = null;
  await hand.flush();
  expect([hand.error, stored.map((one) => one.title.fr)]).toEqual([null, ["b"]]);
  expect(await allSaved()).toBe(true);
});

it("lets go of what another one overtook, and brings it back as a step", async () => {
  const old = new Hand("1", list("a"), "0");
  refused = "checklist-changed";
  old.change(list("mine"));
  await vi.advanceTimersByTimeAsync(1000);
  old.leave();
  refused = null;
  const fresh = new Hand("1", list("theirs"), "7");
  fresh.change(old.list);
  fresh.undo();
  await vi.advanceTimersByTimeAsync(1000);
  expect([stored, await allSaved()]).toEqual([[], true]);
  expect(fresh.list.title.fr).toBe("theirs");
  fresh.redo();
  await vi.advanceTimersByTimeAsync(1000);
  expect(stored.map((one) => one.title.fr)).toEqual(["mine"]);
});

it("remembers every name that anything had", () => {
  const hand = new Hand("1", list("a"), "0", ["Q9"]);
  const section = {
    key: "s4",
    title: { fr: "", en: "" },
    within: null,
    station: null,
    relevant: null,
    rounds: null,
  };
  hand.change({ ...list("a"), sections: [section] });
  hand.undo();
  expect([...hand.taken]).toEqual(["Q9", "s4"]);
  hand.leave();
});
