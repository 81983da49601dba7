import type { AppError } from "../bindings/AppError";
import { asAppError } from "./call";
import { beforeLeaving } from "./leaving";

/** Where the value of a field comes from and goes to. */
export interface Source {
  /** The value the app has now, as the text to show. */
  value(): string;
  /** The version of that value; sent back so that two people never overwrite each other unknowingly. */
  seen(): string | null;
  /** Saves; resolves when the new value and its version are on the screen. */
  save(text: string, seen: string | null): Promise<unknown>;
  /** Whether the text may be saved; what is half typed waits. */
  ready?(text: string): boolean;
  /** Whether nothing has to be asked before it is saved. */
  clear?(text: string): Promise<boolean>;
  /** Whether the person is still in the box. */
  held?(): boolean;
}

/** Whether two texts differ by white space at most. */
const alike = (one: string, other: string) => one.replaceAll(/\s+/gu, "") === other.replaceAll(/\s+/gu, "");

/** How long a pause in typing is before what was typed is saved. */
export const PAUSE_MS = 1000;

/**
 * What a person is typing into one field. It is saved after a pause, when the field is left and when the
 * screen goes away; saves follow one another, and each names the version that was on the screen when the
 * typing began.
 */
export class Draft {
  #source: Source;
  #typed = $state<string | null>(null);
  /** What was saved without the white space at its ends and is left as it was typed: a line just begun stays. */
  #kept = $state<string | null>(null);
  #seen: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #savedAt = $state<Date | null>(null);
  #error = $state.raw<AppError | null>(null);
  #saving = $state(false);
  #settled: (() => void) | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  get text(): string {
    const value = this.#source.value();
    if (this.#typed === null || (this.#typed === this.#kept && !alike(this.#typed, value))) return value;
    return this.#typed;
  }

  /** When the last save of this screen was done. */
  get savedAt(): Date | null {
    return this.#savedAt;
  }

  get saving(): boolean {
    return this.#saving;
  }

  get error(): AppError | null {
    return this.#error;
  }

  type(text: string): void {
    if (this.#typed === null || this.#typed === this.#kept) this.#seen = this.#source.seen();
    this.#kept = null;
    this.#typed = text;
    this.#settled ??= beforeLeaving(() => this.flush());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Goes back to what the app has. */
  revert(): void {
    clearTimeout(this.#timer);
    this.#typed = null;
    this.#kept = null;
    this.#error = null;
    this.#settle();
  }

  /**
   * Saves what was typed, if anything, and resolves when nothing is left to save. A text that has to be asked about waits
   * for the answer, but not when the screen goes away: a question loses nobody's words.
   */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.#typed === null) {
      this.#settle();
      return;
    }
    if (this.#typed === this.#kept) {
      if (leaving || !this.#isHeld()) this.revert();
      return;
    }
    if (!(this.#source.ready?.(this.#typed) ?? true)) return;
    if (!leaving && this.#source.clear && this.#typed !== this.#source.value()) {
      const asked = this.#typed;
      if (!(await this.#source.clear(asked))) return;
      // Typed on, saved or taken back meanwhile: that goes its own way.
      if (this.#typed !== asked || this.#running) return;
    }
    if (this.#typed === this.#source.value()) {
      this.revert();
      return;
    }
    this.#running = this.#save(this.#typed);
    await this.#running;
  }

  #isHeld(): boolean {
    return this.#source.held?.() ?? false;
  }

  #settle(): void {
    this.#settled?.();
    this.#settled = null;
  }

  async #save(text: string): Promise<void> {
    this.#saving = true;
    try {
      await this.#source.save(text, this.#seen);
      this.#savedAt = new Date();
      this.#error = null;
      // What was typed meanwhile follows our own value, now that its version is known.
      if (this.#source.value() === text) this.#seen = this.#source.seen();
      if (this.#typed === text) {
        const value = this.#source.value();
        if (value !== text && alike(value, text) && this.#isHeld()) this.#kept = text;
        else this.#typed = null;
        this.#settle();
      }
    } catch (thrown) {
      this.#error = asAppError(thrown);
    } finally {
      this.#saving = false;
      this.#running = null;
    }
  }
}
