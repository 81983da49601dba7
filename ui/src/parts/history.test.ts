import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import { speak } from "../lib/i18n.svelte";
import { byDay, canRestore, standingTokens } from "./history";
import { markOf, openedWords } from "./marks";

const entry = (
  at: string,
  changes: [field: string, after: string, token: string][],
  change: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  token: at,
  save: at,
  at,
  author: "Awa Traoré",
  place: "CSCom de Kangaré",
  kind: "edit",
  reason: null,
  changes: changes.map(([field, after, token]) => ({ field, before: "", after, token })),
  shown: false,
  received: { district: null, server: null },
  ...change,
});

describe("a record's history", () => {
  const entries = [
    entry("2026-11-20T10:00", [["title", "C", "t3"]]),
    entry("2026-11-19T10:00", [["title", "B", "t2"]], { shown: true }),
    entry("2026-11-19T09:00", [
      ["title", "B", "t1"],
      ["cause", "loin", "c1"],
    ]),
  ];

  it("knows what stands, also where something newer does not", () => {
    expect(standingTokens(entries)).toEqual({ title: "t2", cause: "c1" });
  });

  it("offers to put back what says something else than what stands", () => {
    const offered = entries.flatMap(({ changes }) => changes).filter((change) => canRestore(change, entries));
    expect(offered.map(({ token }) => token)).toEqual(["t3"]);
  });

  it("is told by day", () => {
    expect(byDay(entries).map(({ day, entries: some }) => [day, some.length])).toEqual([
      ["2026-11-20", 1],
      ["2026-11-19", 2],
    ]);
  });
});

describe("the ticks", () => {
  beforeEach(() => speak("fr"));
  const none = { saved: null, carried: null, district: null, server: null, opened: [] };

  it("are two once somebody else has it, and one before", () => {
    expect(markOf(none)).toBeNull();
    expect(markOf({ ...none, saved: "2026-11-08T09:00" })?.ticks).toBe(1);
    expect(markOf({ ...none, saved: "2026-11-08T09:00", carried: "2026-11-09T09:00" })?.ticks).toBe(1);
    expect(markOf({ ...none, server: "2026-11-09T09:00" })?.ticks).toBe(2);
    expect(markOf({ ...none, server: "2026-11-09T09:00", district: "2026-11-10T09:00" })?.words).toContain(
      "district",
    );
  });

  it("name who opened it last, each person once", () => {
    const opened = [
      { by: "Dr Keïta", day: "2026-11-10" },
      { by: "Dr Keïta", day: "2026-11-12" },
      { by: "Dr Diallo", day: "2026-11-11" },
    ];
    expect(openedWords(opened)).toMatch(/Dr Keïta le 12.nov\., et 1 autre/u);
    expect(openedWords([])).toBeNull();
  });
});
