import { beforeEach, describe, expect, it } from "vitest";
import type { SyncState } from "../bindings/SyncState";
import { aside, syncState, waiting } from "../test/fixtures";
import { speak } from "./i18n.svelte";
import { stateDetail, truthOf, truthWord } from "./syncwords";

beforeEach(() => speak("fr"));
const stateWord = (sync: SyncState) => truthWord(truthOf(sync), "short");

describe("the truth about sync", () => {
  const notUpToDate: [string, Partial<SyncState>][] = [
    ["unsent", { waiting_saves: 1 }],
    ["held", { held: 1 }],
    ["aside", { aside: [aside()] }],
    ["refused", { waiting_saves: 1, waiting: [waiting({ refused: "scope" })] }],
    ["only on a stick", { carried: 1 }],
    ["revoked", { revoked: true }],
    ["under way", { stage: { step: "sending", done: 1, total: 2, bytes: 10 } }],
    ["a failure", { state: "problem" }],
  ];
  it.each(notUpToDate)("is not « À jour » with something %s", (_, change) => {
    expect(stateWord(syncState(change))).not.toContain("À jour");
  });

  it("is « À jour » with nothing of the kind", () => {
    expect(stateWord(syncState())).toBe("À jour");
  });

  it("names what was put aside before what only waits", () => {
    expect(
      truthOf(syncState({ waiting_saves: 4, aside: [aside({ saves: 2 }), aside({ saves: 1 })] })),
    ).toEqual({
      is: "problem",
      count: 3,
    });
  });

  it("keeps the count of what waits after a failed attempt", () => {
    expect(stateWord(syncState({ state: "problem", waiting_saves: 4 }))).toContain("4");
  });

  it("says under the word what a person should see to, else when the last contact was", () => {
    expect(stateDetail(syncState())).toContain("20");
    expect(stateDetail(syncState({ questions: 1 }))).toBe("Des valeurs à choisir");
  });
});
