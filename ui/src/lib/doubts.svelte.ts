import type { Doubt } from "../bindings/Doubt";
import { call } from "./call";

/**
 * Asks, before a text is saved, whether it names a patient. It never refuses: what a person has decided to keep is
 * not asked about again, and when the question cannot be put the text is saved.
 */
export class Doubting {
  #doubts = $state.raw<Doubt[]>([]);
  #kept = new Set<string>();

  /** What is asked about now. */
  get doubts(): Doubt[] {
    return this.#doubts;
  }

  /** Whether the text may be saved without a question. */
  async clear(text: string): Promise<boolean> {
    let found: Doubt[] = [];
    try {
      found = text.trim() === "" ? [] : await call("doubts", { text });
    } catch {
      // A question that cannot be put stands in nobody's way.
    }
    this.#doubts = found.filter((doubt) => !this.#kept.has(doubt.piece));
    return this.#doubts.length === 0;
  }

  /** The person keeps what was asked about. */
  keep(): void {
    for (const doubt of this.#doubts) this.#kept.add(doubt.piece);
    this.#doubts = [];
  }

  /** Asks no longer: the text was taken back. */
  drop(): void {
    this.#doubts = [];
  }
}
