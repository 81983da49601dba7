/** Something that was just done, and the way back. */
export interface Deed {
  /** What was done, as a sentence. */
  said: string;
  undo: () => Promise<unknown>;
}

/** How many deeds can be taken back. */
const MOST = 50;

/** What was done on a screen, so that it can be taken back one by one, the last first. */
export class Deeds {
  #done = $state.raw<readonly Deed[]>([]);
  #busy = false;

  /** The last one, still to be taken back. */
  get last(): Deed | undefined {
    return this.#done.at(-1);
  }

  did(said: string, undo: Deed["undo"]): void {
    this.#done = [...this.#done, { said, undo }].slice(-MOST);
  }

  /** Takes the last one back; it stays in the list when that fails, and the fault is thrown. */
  async undo(): Promise<void> {
    const last = this.last;
    if (!last || this.#busy) return;
    this.#busy = true;
    try {
      await last.undo();
      this.#done = this.#done.filter((deed) => deed !== last);
    } finally {
      this.#busy = false;
    }
  }
}

/** Whether a key asks to take something back, and not what is being typed. */
export function asksUndo(event: KeyboardEvent): boolean {
  const typing =
    event.target instanceof HTMLElement &&
    event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;
  return (
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    !event.altKey &&
    event.key.toLowerCase() === "z" &&
    !typing
  );
}
