import type { StickFile } from "../../bindings/StickFile";
import type { StickReceived } from "../../bindings/StickReceived";
import type { StickSent } from "../../bindings/StickSent";
import { t } from "../../lib/i18n.svelte";

/** How a file on the stick stands with this laptop. */
export type FileStanding = "new" | "known" | "unknown_sender" | "not_for_us" | "card" | "damaged";

export function standingOf(file: StickFile): FileStanding {
  if (file.damaged !== null) return "damaged";
  if (!file.for_us) return "not_for_us";
  if (!file.known_sender) return "unknown_sender";
  if (file.saves === null) return "card";
  return file.new ? "new" : "known";
}

export function standingWords(file: StickFile): string {
  switch (standingOf(file)) {
    case "new":
      return (file.saves ?? 0) === 0
        ? t("stick-file-new")
        : t("stick-file-new-saves", { count: file.saves ?? 0 });
    case "known":
      return t("stick-file-known");
    case "unknown_sender":
      return t("stick-file-unknown");
    case "not_for_us":
      return t("stick-file-not-for-us");
    case "card":
      return t("stick-file-card");
    case "damaged":
      return reasonWords(file.damaged ?? "");
  }
}

/** Laptops that nobody here has trusted yet, each once, with what they say of themselves. */
export function strangers(files: readonly StickFile[]): { replica: string; person: string; place: string }[] {
  const found = new Map<string, { replica: string; person: string; place: string }>();
  for (const file of files) {
    if (standingOf(file) === "unknown_sender" && file.card !== null && !found.has(file.card)) {
      found.set(file.card, { replica: file.card, person: file.from, place: file.place });
    }
  }
  return [...found.values()];
}

/** Whether receiving would bring anything: something new, or something that is new once its sender is trusted. */
export function worthTaking(files: readonly StickFile[], trusted: ReadonlySet<string>): boolean {
  return files.some(
    (file) =>
      standingOf(file) === "new" ||
      (standingOf(file) === "unknown_sender" && file.card !== null && trusted.has(file.card)),
  );
}

/**
 * What a copy onto the stick came to: what of this laptop's lies there without word of it (`carried`), what else, and
 * who can read it.
 */
export function sentSentences(sent: StickSent, carried: number, place: string): string[] {
  if (sent.card_only) return [t("stick-sent-card"), t("stick-sent-card-next")];
  const others = sent.saves - carried;
  const said = [
    carried > 0 ? t("stick-sent", { count: carried, place }) : t("stick-sent-nothing", { place }),
  ];
  if (carried > 0 && others > 0) said.push(t("stick-sent-others", { count: others }));
  if (sent.for.length > 0) {
    const names = sent.for.map((name) => (/^https?:/u.test(name) ? t("stick-server") : name));
    said.push(t("stick-sent-for", { names: [...new Set(names)].join(", ") }));
  }
  return said;
}

/** What was taken from the stick, each thing in a sentence. */
export function receivedSentences(got: StickReceived): string[] {
  const said: string[] = [];
  if (got.trusted > 0) said.push(t("stick-got-trusted", { count: got.trusted }));
  if (got.saves_new > 0) said.push(t("stick-got", { count: got.saves_new }));
  else if (got.trusted === 0) said.push(t("stick-got-nothing"));
  if (got.saves_known > 0) said.push(t("stick-got-known", { count: got.saves_known }));
  if (got.receipts > 0) said.push(t("stick-got-receipts", { count: got.receipts }));
  if (got.aside > 0) said.push(t("stick-got-aside", { count: got.aside }));
  if (got.not_for_us > 0) said.push(t("stick-got-not-for-us", { count: got.not_for_us }));
  return said;
}

/** Why a file cannot be taken, and what to do. */
export function reasonWords(reason: string): string {
  switch (reason) {
    case "newer":
      return t("stick-reason-newer");
    case "too-large":
      return t("stick-reason-too-large");
    case "signature":
      return t("stick-reason-signature");
    default:
      return t("stick-reason-damaged");
  }
}
