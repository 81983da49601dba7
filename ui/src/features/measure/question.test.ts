import { expect, it } from "vitest";
import { gridOf } from "../../test/fixtures";
import { questionSentence } from "./question";

const row = gridOf(["A"]).rows[0];
if (!row) throw new Error("the fixture has a row");
const plain = (said: { typed: string; asked: string }) =>
  `${said.typed} ${said.asked}`.replace(/[\u00a0\u202f]/gu, " ");

it("asks with the figures and the month before", () => {
  const jump = {
    kind: "jump" as const,
    above: true,
    numerator: 31,
    denominator: 33,
    last_period: "2026-09",
    last_numerator: 22,
    last_denominator: 32,
    months: 6,
    before_numerator: 110,
    before_denominator: 190,
  };
  expect(plain(questionSentence(jump, "2026-10", row))).toBe(
    "31 sur 33 en octobre : bien plus qu’en septembre (22 sur 32). Est-ce juste ?",
  );
});

it("asks which of the two numbers is unusual", () => {
  const size = {
    kind: "unusual_size" as const,
    part: "denominator" as const,
    value: 320,
    smallest: 28,
    largest: 33,
    months: 6,
  };
  expect(plain(questionSentence(size, "2026-10", row))).toContain("de 28 à 33 (Total A)");
});
