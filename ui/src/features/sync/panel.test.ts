import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { DemandPlace } from "../../bindings/DemandPlace";
import type { SyncState } from "../../bindings/SyncState";
import { carryBy } from "../../lib/call";
import { speak, t, tMoment } from "../../lib/i18n.svelte";
import { enter } from "../../lib/session.svelte";
import { started, syncState, waiting } from "../../test/fixtures";
import Demand from "./Demand.svelte";
import Panel from "./Panel.svelte";

beforeEach(() => {
  enter(started);
  speak("fr");
});

/** Text as the page is searched: every blank alike. */
const plain = (text: string) => text.replace(/\s+/gu, " ");

async function panel(change: Partial<SyncState>): Promise<void> {
  carryBy((name) => Promise.resolve(name === "sync_state" ? syncState(change) : []));
  render(Panel);
  await screen.findByRole("heading", { level: 1 });
}

describe("the panel of a withdrawn laptop", () => {
  const revoked = { state: "problem", revoked: true, revoked_since: "2026-11-20T09:00" } as const;

  it("keeps what could not be handed in at hand: to send, to carry, to export", async () => {
    await panel({ ...revoked, waiting_saves: 3, waiting: [waiting()] });
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent(t("state-revoked"));
    expect(screen.getByText(plain(t("sync-revoked")))).toBeVisible();
    for (const name of [t("sync-now"), t("sync-export")])
      expect(screen.getByRole("button", { name })).toBeEnabled();
    expect(screen.getByRole("link", { name: t("sync-stick") })).toBeVisible();
    expect(screen.queryByRole("button", { name: t("enrol-act") })).toBeNull();
  });

  it("says what happened once all is handed in, and takes a new invitation", async () => {
    await panel({ ...revoked, handed_in: true });
    expect(screen.getByText(plain(t("sync-revoked-left-do")))).toBeVisible();
    expect(screen.getByRole("button", { name: t("enrol-act") })).toBeEnabled();
    expect(screen.queryByRole("button", { name: t("sync-now") })).toBeNull();
  });
});

describe("a busy server", () => {
  it("is asked again when it said, which is shown, and a person may ask before", async () => {
    const result = { ok: false, sent: 0, received: 0, bytes_up: 175, bytes_down: 0, requests: 1 };
    const busy = { ...result, at: "2026-11-22T14:30", code: "server-busy", kind: "server" } as const;
    await panel({
      state: "waiting",
      waiting_saves: 1,
      waiting: [waiting()],
      log: [{ ...busy, params: { seconds: "90" } }],
      tries_again: { at: "2026-11-22T14:32", seconds: 90 },
    });
    const says = plain(t("sync-tries-again", { moment: tMoment("2026-11-22T14:32") }));
    expect(screen.getByText(says)).toBeVisible();
    expect(says).toContain("14 h 32");
    expect(screen.getByRole("button", { name: t("sync-now") })).toBeEnabled();
  });
});

describe("reading a centre", () => {
  const centre = (name: string, change: Partial<DemandPlace> = {}): DemandPlace => ({
    id: name,
    name,
    above: "Sélingué",
    on: false,
    here: false,
    ...change,
  });

  async function demand(places: DemandPlace[]): Promise<[string, unknown][]> {
    const asked: [string, unknown][] = [];
    carryBy((name, request) => {
      asked.push([name, request]);
      if (name === "start_state") return Promise.resolve(started);
      return Promise.resolve(name === "demand_places" ? structuredClone(places) : []);
    });
    render(Demand);
    await screen.findByText(places[0]?.name ?? t("demand-none"));
    return asked;
  }

  it("says when there is none yet, and why", async () => {
    await demand([]);
    expect(screen.getByText(plain(t("demand-none-hint")))).toBeVisible();
  });

  it("chooses a centre and gives another one back", async () => {
    const asked = await demand([centre("Binko"), centre("Kangaré", { on: true, here: true })]);
    const keys = userEvent.setup();
    for (const name of ["Binko", "Kangaré"]) await keys.click(screen.getByRole("checkbox", { name }));
    expect(asked.filter(([name]) => name === "demand").map(([, request]) => request)).toEqual([
      { place: "Binko", on: true },
      { place: "Kangaré", on: false },
    ]);
  });
});
