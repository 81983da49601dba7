import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OpenField } from "../bindings/OpenField";
import { carryBy } from "../lib/call";
import { enter, visit } from "../lib/session.svelte";
import { place, started } from "../test/fixtures";
import Conflict from "./Conflict.svelte";

const value = (text: string, author: string) => ({
  token: `t-${text}`,
  text,
  author,
  role: "lead" as const,
  at: "2026-11-20T10:00:00Z",
  uncertain: false,
  shown: text === "30",
  reason: null,
});
const open = {
  kind: "measurement",
  record: "r1",
  field: "numerator",
  values: [value("30", "Awa Traoré"), value("25", "Moussa Keïta")],
} as unknown as OpenField;
const settle = vi.fn();

beforeEach(() => {
  settle.mockReset();
  carryBy((command, payload) => {
    if (command !== "doubts") return Promise.resolve(settle(payload));
    const { text } = payload as { text: string };
    return Promise.resolve(text.includes("Mme Koné") ? [{ likeness: "name", piece: "Mme Koné" }] : []);
  });
  enter({ ...started, person: { id: "m1", name: "Moussa Keïta", role: "coach" }, roles: ["coach"] });
  visit({ ...place, id: "p2", name: "CSCom de Kangaré" });
});
afterEach(cleanup);

it("asks about a reason that names a patient, and settles once the person keeps it", async () => {
  const user = userEvent.setup();
  render(Conflict, { open, about: "Accouchées, mars 2026" });
  await user.type(screen.getByLabelText(/Pourquoi/u), "dit par Mme Koné");
  await user.click(screen.getAllByRole("button", { name: /30/u })[0] as HTMLElement);
  expect(await screen.findByText(/ressemble au nom/u)).toBeInTheDocument();
  expect(settle).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: /Garder/u }));
  await vi.waitFor(() => expect(settle).toHaveBeenCalledOnce());
  expect(settle.mock.calls[0]?.[0]).toMatchObject({ reason: "dit par Mme Koné", parts: [{ value: "30" }] });
});
