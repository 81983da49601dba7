/** A part of the app that others wrote. */
export interface Part {
  name: string;
  version: string;
  licence: string;
  /** Which of the texts must be shown with it, by their names. */
  texts: string[];
}

/** All parts with their licences, as `cargo xtask supply --write` writes them. */
export interface Notices {
  parts: Part[];
  texts: Record<string, string>;
}

const files = import.meta.glob<string>("../../../../assets/notices/notices.json", {
  query: "?raw",
  import: "default",
});

/** Reads the notices. They weigh half a megabyte, so they are read when they are asked for. */
export async function readNotices(): Promise<Notices> {
  const texts = await Promise.all(Object.values(files).map((load) => load()));
  return JSON.parse(texts.join("")) as Notices;
}

/** The parts of which name or licence hold what was typed. */
export function matching(parts: Part[], typed: string): Part[] {
  const wanted = typed.trim().toLowerCase();
  return parts.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
}
