import type { Doubt } from "../bindings/Doubt";
import { call } from "./call";

/**
 * Asks, before a text is saved, whether it names a patient. It never refuses: what a person has decided to keep is
 * not asked about again, and when the question cannot be put the text is saved.
 */
export class Doubting {
  #doubts = $state.raw<Doubt[]>([]);
  #kept = new Set<string>();
  #waiting: (() => unknown) | null = null;

  /** What is asked about now. */
  get doubts(): Doubt[] {
    return this.#doubts;
  }

  /** Whether the text may be saved without a question; `act` is done once the person keeps it. */
  async clear(text: string, act: () => unknown): Promise<boolean> {
    let found: Doubt[] = [];
    try {
      found = text.trim() === "" ? [] : await call("doubts", { text });
    } catch {
      // A question that cannot be put stands in nobody's way.
    }
    this.#doubts = found.filter((doubt) => !this.#kept.has(doubt.piece));
    const clear = this.#doubts.length === 0;
    this.#waiting = clear ? null : act;
    return clear;
  }

  /** The person keeps what was asked about, and what waited for it is done. */
  keep(): void {
    for (const doubt of this.#doubts) this.#kept.add(doubt.piece);
    const act = this.#waiting;
    this.drop();
    act?.();
  }

  /** Asks no longer: the text was taken back. */
  drop(): void {
    this.#doubts = [];
    this.#waiting = null;
  }
}
