import type { Found } from "../../bindings/Found";
import type { Lesson } from "../../bindings/Lesson";

/** A lesson, with the words that answer what was searched. */
export interface Answering {
  lesson: Lesson;
  hit: Found | null;
}

/** The lessons that answer, the best first; all of them as they stand while nothing was searched. */
export function answering(all: readonly Lesson[], found: readonly Found[] | null): Answering[] {
  if (found === null) return all.map((lesson) => ({ lesson, hit: null }));
  return found.flatMap((hit) => {
    const lesson = all.find(({ meta }) => meta.id === hit.id);
    return lesson ? [{ lesson, hit }] : [];
  });
}
