import type { Kind } from "../../bindings/Kind";
import type { OpenValue } from "../../bindings/OpenValue";
import type { OpenField } from "../../bindings/OpenField";
import type { Review } from "../../bindings/Review";
import type { SettledPart } from "../../bindings/SettledPart";

/** One person's answer to all of a question: a value of each of its fields. */
export interface Answer {
  key: string;
  author: string;
  role: OpenValue["role"];
  at: string;
  reasons: string[];
  /** Whether it is what stands on the screens now. */
  shown: boolean;
  uncertain: boolean;
  /** The value of each field, in plain form. */
  texts: Partial<Record<string, string>>;
}

/** Something that people wrote differently; numerator and denominator of one month are one question. */
export interface Question {
  id: string;
  kind: Kind;
  record: string;
  place: string;
  label: string;
  period: string | null;
  /** Where a value was counted, when not in the register. */
  source: OpenField["source"];
  /** The part of the whole that it counts. */
  part: OpenField["part"];
  /** The cycle that the record is of. */
  cycle: string | null;
  /** Fields, the numerator before the denominator. */
  fields: string[];
  /** The fields of which several values stand; the others are there so that the question can be read. */
  open: string[];
  answers: Answer[];
  /** The tokens of each field's values. */
  tokens: Partial<Record<string, string[]>>;
}

/** One field's part of an answer, as it is saved. */
export type Part = SettledPart;

const COUNTED: readonly string[] = ["numerator", "denominator"];

/** What a field belongs to: the cell for numerator and denominator, itself otherwise. */
const groupOf = ({ kind, record, field }: OpenField): string =>
  kind === "measurement" && COUNTED.includes(field) ? `${record} counted` : `${record} ${field}`;

/** Puts together what is one question to a person: the fields of one cell, and everything else by itself. */
export function questionsOf(reviews: readonly Review[]): Question[] {
  const groups = new Map<string, Review[]>();
  for (const review of reviews) {
    const id = groupOf(review);
    groups.set(id, [...(groups.get(id) ?? []), review]);
  }
  return [...groups].flatMap(([id, group]) => {
    const fields = [...group].sort((a, b) => COUNTED.indexOf(a.field) - COUNTED.indexOf(b.field));
    const first = fields[0];
    const open = fields.filter((field) => field.values.length > 1);
    if (!first || open.length === 0) return [];
    return [
      {
        id,
        kind: first.kind,
        record: first.record,
        place: first.place,
        label: first.label,
        period: first.period,
        source: first.source,
        part: first.part,
        cycle: first.cycle,
        fields: fields.map(({ field }) => field),
        open: open.map(({ field }) => field),
        answers: answersOf(fields, open),
        tokens: Object.fromEntries(
          fields.map(({ field, values }) => [field, values.map(({ token }) => token)]),
        ),
      },
    ];
  });
}

/** Values of one person belong together; one who wrote twice, on two laptops, gives two answers. */
function answersOf(fields: readonly Review[], open: readonly Review[]): Answer[] {
  const answers = new Map<string, Answer & { found: Set<string> }>();
  for (const { field, values } of open) {
    const times = new Map<string, number>();
    for (const value of values) {
      const time = times.get(value.author) ?? 0;
      times.set(value.author, time + 1);
      const key = `${value.author} ${time}`;
      const answer = answers.get(key) ?? begun(key, value);
      answer.texts[field] = value.text;
      answer.found.add(field);
      answer.shown &&= value.shown;
      answer.uncertain ||= value.uncertain;
      if (value.at > answer.at) answer.at = value.at;
      if (value.reason && !answer.reasons.includes(value.reason)) answer.reasons.push(value.reason);
      answers.set(key, answer);
    }
  }
  return [...answers.values()].map(({ found, ...answer }) => {
    for (const { field, values } of fields) {
      if (found.has(field)) continue;
      const standing = values.find(({ shown }) => shown) ?? values[0];
      if (standing) answer.texts[field] = standing.text;
    }
    return answer;
  });
}

function begun(key: string, value: OpenValue): Answer & { found: Set<string> } {
  return {
    key,
    author: value.author,
    role: value.role,
    at: value.at,
    reasons: [],
    shown: true,
    uncertain: false,
    texts: {},
    found: new Set(),
  };
}

/** What is saved when an answer is kept. Only what was open changes. */
export function partsOf(question: Question, answer: Answer): Part[] {
  return question.open.map((field) => ({
    field,
    value: plain(answer.texts[field] ?? ""),
    seen: question.tokens[field] ?? [],
  }));
}

/** What is saved when a third value was typed: what was open, and what else the person changed. */
export function thirdParts(
  question: Question,
  typed: Partial<Record<string, string | number | null>>,
): Part[] {
  const standing = question.answers[0]?.texts ?? {};
  return question.fields.flatMap((field) => {
    const value = typed[field] ?? null;
    const same = String(value ?? "") === (standing[field] ?? "");
    if (!question.open.includes(field) && same) return [];
    return [{ field, value, seen: question.tokens[field] ?? [] }];
  });
}

/** A question of which these values stand now: an answer names them as what it has seen. */
export function standing(of: Question, seen: Record<string, string>): Question {
  const tokens = { ...of.tokens };
  for (const [field, token] of Object.entries(seen)) tokens[field] = [token];
  return { ...of, tokens };
}

/** The answer that a key chooses, the arrows where there are two and figures where there are more. */
export function answerOfKey(key: string, question: Question): Answer | undefined {
  const { answers } = question;
  if (answers.length === 2) {
    if (key === "ArrowLeft") return answers[0];
    if (key === "ArrowRight") return answers[1];
  }
  return /^[1-9]$/u.test(key) ? answers[Number(key) - 1] : undefined;
}

const plain = (text: string): string | null => (text === "" ? null : text);
