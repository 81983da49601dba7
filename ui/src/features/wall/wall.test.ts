import { describe, expect, it } from "vitest";
import type { Lesson } from "../../bindings/Lesson";
import type { PlannedAction } from "../../bindings/PlannedAction";
import type { RecordMeta } from "../../bindings/RecordMeta";
import type { Trial } from "../../bindings/Trial";
import { told } from "./wall";

const meta = (id: string, deleted = false) => ({ id, deleted }) as RecordMeta;

const trial = (title: string, change: Partial<Trial> = {}): Trial => ({
  meta: meta(title),
  cycle: "c1",
  idea: null,
  title,
  who: null,
  extent: null,
  scale: null,
  venue: null,
  after: null,
  leaps: false,
  starts: null,
  ends: null,
  prediction: null,
  data_plan: null,
  happened: null,
  seen_n: null,
  seen_d: null,
  comparison: null,
  learned: null,
  decision: null,
  decided: null,
  step: "plan",
  observations: [],
  comments: [],
  ...change,
});

const lesson = (title: string): Lesson => ({ meta: meta(title), title, what: null }) as Lesson;

describe("what the page on the wall tells beside its chart", () => {
  it("is the trial under way, with who carries it, until when, and what was seen", () => {
    const trials = [
      trial("Inviter la veille"),
      trial("Conseil en couple", {
        step: "do",
        who: "Fatoumata",
        ends: "2026-05-09",
        seen_n: 6,
        seen_d: 9,
      }),
    ];
    const page = told({ trials, lessons: [] }, []);
    expect(page.trying).toEqual({
      title: "Conseil en couple.",
      rest: "Fatoumata, jusqu’au 9\u00a0mai\u00a02026. Vu\u00a0: 6\u00a0sur\u00a09.",
    });
    expect(page.next).toEqual(["Inviter la veille."]);
  });

  it("names actions that are not done before the trials to come", () => {
    const action = (text: string, done: string | null, given_up: string | null = null): PlannedAction =>
      ({ meta: meta(text), text, who: "ASACO", due: "2026-05-30", done, given_up }) as PlannedAction;
    const trials = [trial("A", { step: "do" }), trial("B")];
    const { next } = told({ trials, lessons: [] }, [
      action("Rideau neuf", null),
      action("Fait", "2026-05-01"),
      action("Laissé", null, "Trop cher"),
    ]);
    expect(next).toEqual(["Rideau neuf. ASACO, jusqu’au 30\u00a0mai\u00a02026.", "B."]);
  });

  it("is a planned trial where none is under way, and nothing where there is none", () => {
    expect(told({ trials: [trial("Affiche !")], lessons: [] }, []).trying?.title).toBe("Affiche !");
    expect(told({ trials: [trial("x", { meta: meta("x", true) })], lessons: [] }, []).trying).toBeNull();
  });

  it("tells lessons, or else what single trials taught, and what is kept", () => {
    const done = trial("Un coin discret", { step: "done", decision: "adopt", learned: "Elles parlent" });
    const left = trial("Le soir", { step: "done", decision: "abandon" });
    expect(told({ trials: [done, left], lessons: [] }, [])).toMatchObject({
      trying: null,
      learned: ["Elles parlent."],
      kept: ["Un coin discret."],
    });
    const many = ["a", "b", "c", "d"].map(lesson);
    expect(told({ trials: [done], lessons: many }, []).learned).toEqual(["a.", "b.", "c."]);
  });
});
