import { t, tDay, tNumber } from "../lib/i18n.svelte";

/** The parts of an aim, whether typed or saved. */
export interface Aim {
  aim_who: string | null;
  aim_what: string | null;
  aim_from: number | null;
  aim_to: number | null;
  aim_by: string | null;
}

export const aimFields = ["aim_who", "aim_what", "aim_from", "aim_to", "aim_by"] as const;
export type AimField = (typeof aimFields)[number];

/** The parts still missing, in the order of the sentence. */
export function missingParts(aim: Aim): AimField[] {
  return aimFields.filter((field) => aim[field] === null || aim[field] === "");
}

/** The aim as one sentence; a missing part shows as three dots. Null when nothing is there. */
export function aimSentence(aim: Aim, unit: string): string | null {
  if (missingParts(aim).length === aimFields.length) return null;
  const dots = "…";
  const sentence = t("aim-sentence", {
    who: aim.aim_who?.trim() || dots,
    what: aim.aim_what?.trim().replace(/\.$/u, "") || dots,
    from: aim.aim_from === null ? dots : inWords(aim.aim_from, unit),
    to: aim.aim_to === null ? dots : inWords(aim.aim_to, unit),
    by: aim.aim_by === null ? dots : tDay(aim.aim_by),
  });
  // Dots that end the sentence need no full stop.
  const ended = sentence.replace(/…\.$/u, dots);
  return ended.charAt(0).toLocaleUpperCase() + ended.slice(1);
}

function inWords(value: number, unit: string): string {
  return unit === "%"
    ? t("aim-percent", { value: tNumber(value) })
    : t("aim-number", { value: tNumber(value), unit });
}
