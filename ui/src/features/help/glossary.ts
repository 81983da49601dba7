import type { Language } from "../../bindings/Language";
import { fold, matches } from "../../lib/fold";
import entries from "../../../../assets/guide/glossary.json";

/** A word of the programme in one language. */
export interface Term {
  term: string;
  /** What else it is called, and what it stands for. */
  also: readonly string[];
  /** What it means, in a sentence or two. */
  says: string;
}

/** All words of a language, in its alphabet. */
export function termsOf(language: Language): Term[] {
  const order = new Intl.Collator(language, { numeric: true });
  return entries.map((entry) => entry[language]).sort((a, b) => order.compare(a.term, b.term));
}

/** Those in which each word that was typed stands; those whose name begins with it first. */
export function termsFound(terms: readonly Term[], typed: string): Term[] {
  const begins = (term: Term) =>
    [term.term, ...term.also].some((name) => fold(name).startsWith(fold(typed.trim())));
  const found = terms.filter((term) => matches([term.term, ...term.also, term.says].join(" "), typed.trim()));
  return [...found.filter(begins), ...found.filter((term) => !begins(term))];
}

/** The word that somebody pointed at on the screen, when it is exactly one of them, with or without an s. */
export function termNamed(terms: readonly Term[], pointed: string): Term | undefined {
  const bare = (text: string) =>
    fold(text)
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .trim()
      .replace(/(?<=\p{L}{3})s$/u, "");
  const wanted = bare(pointed);
  if (wanted === "") return undefined;
  const names = (term: Term) => [...term.term.split(","), ...term.also];
  return terms.find((term) => names(term).some((name) => bare(name) === wanted));
}
