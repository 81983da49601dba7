import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Visit } from "../../bindings/Visit";
import type { VisitQuestion } from "../../bindings/VisitQuestion";
import { carryBy } from "../../lib/call";
import { PAUSE_MS } from "../../lib/draft.svelte";
import { t } from "../../lib/i18n.svelte";
import ByCode from "./ByCode.svelte";
import Typed from "./Typed.svelte";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
beforeEach(() => carryBy(() => Promise.resolve([])));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const question = (code: string, value = "", seen: string | null = null): VisitQuestion => ({
  key: `a|${code}|`,
  list: "a",
  item: code,
  round: "",
  code,
  text: { fr: code, en: code },
  hint: null,
  answer: "whole",
  offered: null,
  critical: false,
  disabled: false,
  asked: true,
  required: false,
  refused: null,
  constraint_message: null,
  value,
  note: null,
  mark: null,
  record: null,
  seen: seen === null ? {} : { value: seen },
  open: [],
  before: null,
});
const user = () => userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });

it("keeps what is being typed when the visit is read again, and saves it after a pause", async () => {
  const keep = vi.fn(() => Promise.resolve());
  const more = { may: true, keep, next: () => Promise.resolve(true), onenter: () => undefined };
  const hand = user();
  const { rerender } = render(Typed, { one: question("Q1"), ...more });
  const box = screen.getByLabelText("Q1");
  await hand.type(box, "1");
  await rerender({ one: question("Q1") });
  expect(box).toHaveValue("1");
  await hand.type(box, "2");
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(keep).toHaveBeenCalledExactlyOnceWith("a|Q1|", "12", null);
});

it("saves what is being typed as the next question comes, as the answer to its own", async () => {
  const keep = vi.fn(() => Promise.resolve());
  const more = { may: true, keep, next: () => Promise.resolve(true), onenter: () => undefined };
  const { unmount } = render(Typed, { one: question("Q1", "3", "t0"), ...more });
  await user().type(screen.getByLabelText("Q1"), "4");
  unmount();
  await vi.advanceTimersByTimeAsync(0);
  expect(keep).toHaveBeenCalledExactlyOnceWith("a|Q1|", "34", "t0");
});

const visit = { lists: [], lacking: [] } as unknown as Visit;

it("takes row after row from paper while those before are still being kept", async () => {
  let kept: (taken: boolean) => void = () => undefined;
  const answer = vi.fn(() => new Promise<boolean>((done) => (kept = done)));
  const hand = user();
  render(ByCode, {
    visit,
    questions: [question("Q1"), question("Q2")],
    answer,
    onclose: () => undefined,
  });
  await hand.type(screen.getByLabelText(t("supervision-answer")), "5{Enter}3{Enter}");
  expect(answer.mock.calls).toEqual([
    ["a|Q1|", "5", true],
    ["a|Q2|", "3", true],
  ]);
  kept(true);
});

it("brings a row back that was refused, unless another one is being typed", async () => {
  const answer = vi.fn(() => Promise.resolve(false));
  const hand = user();
  render(ByCode, { visit, questions: [question("Q1"), question("Q2")], answer, onclose: () => undefined });
  const box = screen.getByLabelText(t("supervision-answer"));
  await hand.type(box, "x{Enter}");
  expect(box).toHaveValue("x");
  expect(screen.getByLabelText(t("supervision-code"))).toHaveValue("Q1");
  expect(screen.getByRole("alert")).toHaveTextContent("Q1");
});
