import type { AppError } from "../../bindings/AppError";
import type { Cell } from "../../bindings/Cell";
import type { CellEdit } from "../../bindings/CellEdit";
import type { Grid } from "../../bindings/Grid";
import type { Language } from "../../bindings/Language";
import { asAppError } from "../../lib/call";
import { beforeLeaving } from "../../lib/leaving";
import { LEFT } from "../../lib/sure.svelte";
import { editsBetween, editsOf, keyOf, linesOf, type CellKey, type Change, type Line } from "./grid";

/** How the sheet reaches the app, and what it must know of the person. */
export interface Ways {
  save(cells: CellEdit[], reason: string | null): Promise<Cell[]>;
  /** Whether a change of an existing figure needs a reason. */
  needsReason(): boolean;
  language(): Language;
}

interface Saving {
  edits: CellEdit[];
  reason: string | null;
  /** What is shown until the app has answered. */
  keys: string[];
  undo: "record" | "undoing" | "redoing";
}

/** Cells as they were and as they became. */
interface Step {
  before: Cell[];
  after: Cell[];
}

/**
 * The figures in hand. Saves go one after another, each names the versions that were on the screen, and each
 * can be undone.
 */
export class Sheet {
  #ways: Ways;
  #grid = $state.raw<Grid>();
  #typed = $state.raw<ReadonlyMap<string, string>>(new Map());
  #queue: Saving[] = [];
  #running: Promise<void> | null = null;
  #undo = $state.raw<Step[]>([]);
  #redo = $state.raw<Step[]>([]);
  #savedAt = $state.raw<Date | null>(null);
  #saving = $state(false);
  #error = $state.raw<AppError | null>(null);
  #held = $state.raw<CellEdit[] | null>(null);

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  get grid(): Grid | undefined {
    return this.#grid;
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
  /** Changes that wait for a reason. */
  get held(): CellEdit[] | null {
    return this.#held;
  }
  get canUndo(): boolean {
    return this.#undo.length > 0;
  }
  get canRedo(): boolean {
    return this.#redo.length > 0;
  }
  get lines(): Line[] {
    return linesOf(this.#grid?.rows ?? []);
  }

  /** Takes what the app says now; what is being saved stays on the screen. */
  take(grid: Grid): void {
    this.#grid = grid;
  }

  cell(key: CellKey): Cell | undefined {
    return this.#grid?.rows
      .find(
        (row) =>
          row.indicator.code === key.indicator &&
          (row.stratum?.key ?? null) === key.stratum &&
          row.source === key.source,
      )
      ?.cells.find((cell) => cell.period === key.period);
  }

  /** What was typed and has not been answered yet. */
  typed(change: CellKey & { part: string }): string | undefined {
    return this.#typed.get(`${keyOf(change)} ${change.part}`);
  }

  /** Saves what was typed: one cell, or a pasted block in one go. */
  change(changes: readonly Change[]): Promise<void> {
    const shown = new Map(this.#typed);
    for (const change of changes) shown.set(`${keyOf(change)} ${change.part}`, change.typed);
    this.#typed = shown;
    return this.edit(editsOf(changes, (change) => this.cell(change)));
  }

  /** Saves edits, after asking for a reason where one is needed. */
  edit(edits: CellEdit[]): Promise<void> {
    if (this.#ways.needsReason() && edits.some((edit) => this.#corrects(edit))) {
      this.#held = [...(this.#held ?? []), ...edits];
      return Promise.resolve();
    }
    return this.#enqueue({ edits, reason: null, keys: keysOf(edits), undo: "record" });
  }

  /** Saves the held changes with the reason given. */
  give(reason: string): Promise<void> {
    const edits = this.#held ?? [];
    this.#held = null;
    return this.#enqueue({ edits, reason, keys: keysOf(edits), undo: "record" });
  }

  /** Drops the held changes: the figures stay as they were. */
  withdraw(): void {
    this.#forget(keysOf(this.#held ?? []));
    this.#held = null;
  }

  /** Puts a failed change aside: the figures stay as they were. */
  dismiss(): void {
    this.#error = null;
    this.#typed = new Map();
  }

  undo(): Promise<void> {
    const step = this.#undo.at(-1);
    if (!step) return Promise.resolve();
    this.#undo = this.#undo.slice(0, -1);
    this.#redo = [...this.#redo, step];
    return this.#turn(step.before, "undoing");
  }

  redo(): Promise<void> {
    const step = this.#redo.at(-1);
    if (!step) return Promise.resolve();
    this.#redo = this.#redo.slice(0, -1);
    this.#undo = [...this.#undo, step];
    return this.#turn(step.after, "redoing");
  }

  /** Resolves when nothing is left to save. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #turn(goal: readonly Cell[], undo: "undoing" | "redoing"): Promise<void> {
    const now = goal.flatMap((cell) => this.cell(cell) ?? []);
    const edits = editsBetween(now, goal, this.#ways.language());
    if (edits.length === 0) return Promise.resolve();
    if (this.#ways.needsReason()) return this.edit(edits);
    return this.#enqueue({ edits, reason: null, keys: keysOf(edits), undo });
  }

  #corrects(edit: CellEdit): boolean {
    const cell = this.cell(edit);
    return (
      cell !== undefined &&
      ((edit.numerator !== null && cell.numerator !== null) ||
        (edit.denominator !== null && cell.denominator !== null) ||
        cell.no_data !== null)
    );
  }

  #enqueue(saving: Saving): Promise<void> {
    if (saving.edits.length === 0) return Promise.resolve();
    this.#queue.push(saving);
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#saving = true;
    const settled = beforeLeaving(() => this.settled());
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#save(next);
    this.#saving = false;
    this.#running = null;
    settled();
  }

  async #save({ edits, reason, keys, undo }: Saving): Promise<void> {
    const before = edits.flatMap((edit) => this.cell(edit) ?? []);
    try {
      const after = await this.#ways.save(edits, reason);
      this.#put(before, after);
      this.#forget(keys);
      if (undo === "record") {
        this.#undo = [...this.#undo, { before, after }];
        this.#redo = [];
      }
      this.#savedAt = new Date();
      this.#error = null;
    } catch (thrown) {
      const error = asAppError(thrown);
      // Whoever was asked and said no sees the figures as they were.
      if (error.code === LEFT) return this.#forget(keys);
      this.#error = error;
      // One cell keeps what was typed, to be put right; of a block nothing was saved.
      if (edits.length > 1) this.#forget(keys);
    }
  }

  /** Shows the app's answer, and lets what was typed meanwhile follow our own versions. */
  #put(before: readonly Cell[], after: readonly Cell[]): void {
    if (!this.#grid) return;
    const answers = new Map(after.map((cell) => [keyOf(cell), cell]));
    this.#grid = {
      ...this.#grid,
      rows: this.#grid.rows.map((row) => ({
        ...row,
        cells: row.cells.map((cell) => answers.get(keyOf(cell)) ?? cell),
      })),
    };
    for (const waiting of this.#queue) {
      for (const edit of waiting.edits) {
        const old = before.find((cell) => keyOf(cell) === keyOf(edit));
        const now = answers.get(keyOf(edit));
        if (!old || !now) continue;
        for (const field of ["numerator", "denominator", "no_data", "explanation"] as const) {
          const input = edit[field];
          if (input && input.seen === (old.seen[field] ?? null)) input.seen = now.seen[field] ?? null;
        }
      }
    }
  }

  #forget(keys: readonly string[]): void {
    const left = new Map(this.#typed);
    for (const key of keys) left.delete(key);
    this.#typed = left;
  }
}

function keysOf(edits: readonly CellEdit[]): string[] {
  return edits.flatMap((edit) =>
    (["numerator", "denominator"] as const).flatMap((part) =>
      edit[part] === null ? [] : [`${keyOf(edit)} ${part}`],
    ),
  );
}
