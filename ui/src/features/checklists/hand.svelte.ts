import type { AppError } from "../../bindings/AppError";
import type { Checklist } from "../../bindings/Checklist";
import { asAppError, call } from "../../lib/call";
import { beforeLeaving } from "../../lib/leaving";
import { names } from "./model";

/** How long a pause in the work is before it is saved. */
const PAUSE_MS = 700;
/** How many steps can be taken back. */
const MOST = 200;
/** Within how long a time letters typed into one field are one step. */
const ONE_STEP_MS = 1500;

/** A checklist in hand: changed on the screen, saved by itself, and taken back step by step. */
export class Hand {
  readonly #id: string;
  #list = $state.raw<Checklist>() as Checklist;
  #seen: string;
  #saved: Checklist;
  #past = $state.raw<readonly Checklist[]>([]);
  #future = $state.raw<readonly Checklist[]>([]);
  #step = "";
  #stepAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #settled: (() => void) | null = null;
  #savedAt = $state<Date | null>(null);
  #saving = $state(false);
  #error = $state.raw<AppError | null>(null);

  readonly #taken: Set<string>;
  #left = false;

  constructor(id: string, list: Checklist, seen: string, taken: Iterable<string> = []) {
    this.#id = id;
    this.#taken = new Set([...taken, ...names(list)]);
    this.#list = list;
    this.#saved = list;
    this.#seen = seen;
  }

  get list(): Checklist {
    return this.#list;
  }
  get savedAt(): Date | null {
    return this.#savedAt;
  }
  get saving(): boolean {
    return this.#saving;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Every name that anything in it has, had here, or had in a version that was given out. */
  get taken(): ReadonlySet<string> {
    return this.#taken;
  }

  /** Changes it. Changes that follow one another under the same name are one step. */
  change(next: Checklist, step = ""): void {
    if (next === this.#list) return;
    const now = Date.now();
    const same = step !== "" && step === this.#step && now - this.#stepAt < ONE_STEP_MS;
    if (!same) this.#past = [...this.#past, this.#list].slice(-MOST);
    this.#step = step;
    this.#stepAt = now;
    this.#future = [];
    this.#put(next);
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#list];
    this.#step = "";
    this.#put(last);
  }

  redo(): void {
    const next = this.#future.at(-1);
    if (!next) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#list];
    this.#step = "";
    this.#put(next);
  }

  #put(next: Checklist): void {
    this.#list = next;
    for (const name of names(next)) this.#taken.add(name);
    this.#settled ??= beforeLeaving(() => this.flush());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Lets go of it: what is not saved yet is not saved any more. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#left = true;
    this.#settle();
  }

  #settle(): void {
    this.#settled?.();
    this.#settled = null;
  }

  /** Saves what was not saved yet; resolves when nothing is left, or it could not be saved. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.#left) return;
    if (this.#list === this.#saved) {
      this.#error = null;
      this.#settle();
      return;
    }
    this.#running = this.#save(this.#list);
    await this.#running;
    if (this.#error === null && this.#list !== this.#saved) await this.flush();
  }

  async #save(list: Checklist): Promise<void> {
    this.#saving = true;
    try {
      const kept = await call("save_checklist_draft", { id: this.#id, checklist: list, seen: this.#seen });
      this.#seen = kept.seen;
      this.#saved = list;
      this.#savedAt = new Date();
      this.#error = null;
      // What was typed while it was saved is still to be.
      if (list === this.#list) this.#settle();
    } catch (thrown) {
      this.#error = asAppError(thrown);
    } finally {
      this.#saving = false;
      this.#running = null;
    }
  }
}
