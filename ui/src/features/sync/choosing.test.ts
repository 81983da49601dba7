import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { OpenValue } from "../../bindings/OpenValue";
import type { Review as Asked } from "../../bindings/Review";
import type { Settle } from "../../bindings/Settle";
import { carryBy } from "../../lib/call";
import { speak, t } from "../../lib/i18n.svelte";
import { enter } from "../../lib/session.svelte";
import { started } from "../../test/fixtures";
import Review from "./Review.svelte";

/** Keeps open fields as the app does, as far as the screen can tell. */
class Keeper {
  settled: Settle[] = [];
  #open: Asked[];

  constructor(open: Asked[]) {
    this.#open = open;
  }

  answer(name: string, request: unknown): unknown {
    switch (name) {
      case "reviews":
        return this.#open;
      case "settle":
        return this.#settle(request as Settle);
      default:
        return [];
    }
  }

  #settle(settle: Settle): unknown {
    this.settled.push(settle);
    const token = `settled-${this.settled.length}`;
    const fields = settle.parts.map(({ field }) => field);
    this.#open = this.#open.filter((one) => one.record !== settle.record || !fields.includes(one.field));
    return { id: settle.record, seen: Object.fromEntries(fields.map((field) => [field, token])) };
  }
}

const value = (author: string, text: string, shown = false): OpenValue => ({
  text,
  token: `${author} ${text}`,
  author,
  role: null,
  at: "2026-11-07T10:15",
  reason: null,
  shown,
  uncertain: false,
});
const asked = (
  record: string,
  values: OpenValue[],
  field = "numerator",
  group: string | null = record,
): Asked => ({
  kind: "measurement",
  record,
  field,
  label: `Mesure ${record}`,
  period: "2026-10",
  source: null,
  part: null,
  cycle: null,
  values,
  place: "CSCom de Sélingué",
  group,
});
const cell = (record: string, mine: string, theirs: string): Asked[] => [
  asked(record, [value("Awa Traoré", mine, true), value("Moussa Keïta", theirs)]),
  asked(record, [value("Awa Traoré", "32", true)], "denominator"),
];

async function open(asked: Asked[]): Promise<Keeper> {
  const keeper = new Keeper(asked);
  carryBy((name, request) => Promise.resolve(structuredClone(keeper.answer(name, request))));
  render(Review);
  await screen.findByRole("heading", { level: 1 });
  return keeper;
}

beforeEach(() => {
  enter(started);
  speak("fr");
});

describe("Réviser", () => {
  it("keeps the left or the right value by an arrow, and the hands go on to the next question", async () => {
    const keys = userEvent.setup();
    const keeper = await open([...cell("A", "24", "22"), ...cell("B", "7", "9")]);
    await keys.keyboard("{ArrowRight}");
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("Mesure B");
    expect(keeper.settled).toMatchObject([
      {
        record: "A",
        parts: [{ field: "numerator", value: "22", seen: ["Awa Traoré 24", "Moussa Keïta 22"] }],
        undo: false,
      },
    ]);
    expect(document.activeElement).toHaveAccessibleName(/^Montrer 7/u);
    await keys.keyboard("{ArrowLeft}");
    expect(await screen.findByText(t("review-none"))).toBeVisible();
    expect(keeper.settled.map(({ parts }) => parts[0]?.value)).toEqual(["22", "7"]);
  });

  it("keeps both figures of a cell by one save", async () => {
    const keys = userEvent.setup();
    const keeper = await open([
      asked("A", [value("Awa Traoré", "24", true), value("Moussa Keïta", "22")]),
      asked("A", [value("Awa Traoré", "32", true), value("Moussa Keïta", "31")], "denominator"),
    ]);
    await keys.keyboard("{ArrowRight}");
    expect(await screen.findByText(t("review-none"))).toBeVisible();
    expect(keeper.settled.map(({ parts }) => parts.map(({ field, value }) => [field, value]))).toEqual([
      [
        ["numerator", "22"],
        ["denominator", "31"],
      ],
    ]);
  });

  it("takes a third value, and the arrows walk in its field instead of choosing", async () => {
    const keys = userEvent.setup();
    const keeper = await open(cell("A", "24", "22"));
    await keys.keyboard("t");
    await keys.keyboard("23{ArrowLeft}{ArrowRight}");
    expect(keeper.settled).toEqual([]);
    await keys.keyboard("{Enter}");
    expect(await screen.findByText(t("review-none"))).toBeVisible();
    expect(keeper.settled).toMatchObject([{ parts: [{ field: "numerator", value: 23 }] }]);
  });

  it("undoes: what stood before is shown again, and the question comes back", async () => {
    const keys = userEvent.setup();
    const keeper = await open(cell("A", "24", "22"));
    await keys.keyboard("{ArrowRight}");
    await keys.click(await screen.findByRole("button", { name: t("undo") }));
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("Mesure A");
    expect(keeper.settled.map(({ parts, undo }) => [parts[0]?.value, parts[0]?.seen, undo])).toEqual([
      ["22", ["Awa Traoré 24", "Moussa Keïta 22"], false],
      ["24", ["settled-1"], true],
    ]);
    await keys.keyboard("{ArrowRight}");
    expect(keeper.settled.at(-1)).toMatchObject({
      parts: [{ value: "22", seen: ["settled-2"] }],
      undo: false,
    });
  });

  it("says in place why a choice was not taken, and asks again", async () => {
    const keys = userEvent.setup();
    const keeper = await open(cell("A", "24", "22"));
    carryBy((name, request) =>
      name === "settle"
        ? Promise.reject(Object.assign(new Error(), { code: "values-changed", params: {} }))
        : Promise.resolve(structuredClone(keeper.answer(name, request))),
    );
    await keys.keyboard("{ArrowLeft}");
    expect(await screen.findByRole("alert")).toHaveTextContent(t("error-values-changed"));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Mesure A");
  });
});
