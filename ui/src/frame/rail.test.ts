import { render } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { carryBy } from "../lib/call";
import { speak } from "../lib/i18n.svelte";
import { enter } from "../lib/session.svelte";
import { started, syncState } from "../test/fixtures";
import Rail from "./Rail.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  enter(started);
  speak("fr");
});

afterEach(() => vi.useRealTimers());

it("asks a busy server again when it said, and once", async () => {
  let busy = true;
  const asked: string[] = [];
  carryBy((name) => {
    asked.push(name);
    if (name === "sync_now") busy = false;
    const tries_again = busy ? { at: "2026-11-22T14:32", seconds: 90 } : null;
    return Promise.resolve(syncState({ state: "waiting", waiting_saves: 1, tries_again }));
  });
  const times = () => asked.filter((name) => name === "sync_now").length;
  render(Rail, { at: "today" });
  await vi.advanceTimersByTimeAsync(89_000);
  expect(times()).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(times()).toBe(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(times()).toBe(1);
});
