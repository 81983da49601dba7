import type { Cell } from "../../bindings/Cell";
import type { CellEdit } from "../../bindings/CellEdit";
import type { GridRow } from "../../bindings/GridRow";
import type { Language } from "../../bindings/Language";
import type { Source } from "../../bindings/Source";

/** The two numbers of a measure that are typed. */
export type EntryPart = "numerator" | "denominator";

/** One line of the grid into which one types. */
export interface Line {
  row: number;
  part: EntryPart;
}

/** A cell: line and month, counted from the top left. */
export interface Position {
  line: number;
  col: number;
}

/** What a person typed into one cell, and the version it replaces. */
export interface Change {
  indicator: string;
  period: string;
  /** The part of the whole; null for the whole. */
  stratum: string | null;
  source: Source;
  part: EntryPart;
  typed: string;
  seen: string | null;
}

/** The lines one types into: a numerator each, and a denominator where the measure has one. */
export function linesOf(rows: readonly GridRow[]): Line[] {
  return rows.flatMap((row, index) => [
    { row: index, part: "numerator" as const },
    ...(row.indicator.denominator === null ? [] : [{ row: index, part: "denominator" as const }]),
  ]);
}

/** Whether a row is what a team counts first: the whole, in its register. */
export function isEntry(row: GridRow): boolean {
  return row.stratum === null && row.source === "register";
}

/** The code of a line, on paper and on the screen: `M2a` counts, `M2b` is out of how many. */
export function lineCode(row: GridRow, part: EntryPart): string {
  const { short, denominator } = row.indicator;
  return denominator === null ? short : `${short}${part === "numerator" ? "a" : "b"}`;
}

/** The line whose code was typed, in small or large letters; null for anything else. */
export function lineOfCode(typed: string, lines: readonly Line[], rows: readonly GridRow[]): number | null {
  const asked = typed.trim().toLowerCase();
  if (!/^[a-z]\d+[ab]?$/u.test(asked)) return null;
  const found = lines.findIndex(({ row, part }) => {
    const of = rows[row];
    // The sheet has rows for nothing else.
    if (!of || !isEntry(of)) return false;
    const code = lineCode(of, part).toLowerCase();
    // The measure's own code is enough for its first line.
    return code === asked || (part === "numerator" && of.indicator.short.toLowerCase() === asked);
  });
  return found < 0 ? null : found;
}

/** Where Enter goes: down the month, then to the top of the next one; null after the last cell. */
export function nextEntry(at: Position, lines: number, cols: number): Position | null {
  if (at.line + 1 < lines) return { line: at.line + 1, col: at.col };
  return at.col + 1 < cols ? { line: 0, col: at.col + 1 } : null;
}

/** Where Shift+Enter goes. */
export function previousEntry(at: Position, lines: number): Position | null {
  if (at.line > 0) return { line: at.line - 1, col: at.col };
  return at.col > 0 ? { line: lines - 1, col: at.col - 1 } : null;
}

/** Where Tab goes: along the line, then to the next; null when it leaves the grid. */
export function alongLine(at: Position, by: 1 | -1, lines: number, cols: number): Position | null {
  const flat = at.line * cols + at.col + by;
  return flat < 0 || flat >= lines * cols ? null : { line: Math.floor(flat / cols), col: flat % cols };
}

/** A number as it is typed: without spaces between thousands, with the language's decimal mark. */
export function typedForm(value: number | null, language: Language): string {
  if (value === null) return "";
  return language === "fr" ? String(value).replace(".", ",") : String(value);
}

/** The rows and cells of what a spreadsheet put on the clipboard. */
export function readBlock(text: string): string[][] {
  const lines = text.replace(/\r\n?/gu, "\n").replace(/\n$/u, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
}

/** A block laid over the grid from a cell on, and how many of its filled cells lie outside. */
export function layBlock(
  block: readonly (readonly string[])[],
  at: Position,
  lines: readonly Line[],
  rows: readonly GridRow[],
): { changes: Change[]; outside: number } {
  const changes: Change[] = [];
  let outside = 0;
  block.forEach((texts, down) => {
    const line = lines[at.line + down];
    const row = line === undefined ? undefined : rows[line.row];
    texts.forEach((typed, right) => {
      const cell = row?.cells[at.col + right];
      if (line === undefined || cell === undefined) {
        if (typed !== "") outside += 1;
        return;
      }
      const { indicator, period, stratum, source } = cell;
      changes.push({
        indicator,
        period,
        stratum,
        source,
        part: line.part,
        typed,
        seen: cell.seen[line.part] ?? null,
      });
    });
  });
  return { changes, outside };
}

/** Changes as the app takes them: one edit for each measure and month. */
export function editsOf(
  changes: readonly Change[],
  cellOf: (change: Change) => Cell | undefined,
): CellEdit[] {
  const edits = new Map<string, CellEdit>();
  for (const change of changes) {
    const { indicator, period, stratum, source, part, typed, seen } = change;
    const key = keyOf(change);
    const edit = edits.get(key) ?? {
      indicator,
      period,
      stratum,
      source,
      numerator: null,
      denominator: null,
      no_data: null,
      explanation: null,
    };
    edit[part] = { typed, seen };
    const cell = cellOf(change);
    // A dash takes both figures away: each goes with the version that stood on the screen.
    const other = part === "numerator" ? "denominator" : "numerator";
    if (cell && cell[other] !== null && isDash(typed))
      edit[other] ??= { typed, seen: cell.seen[other] ?? null };
    // A figure where there was no data takes its place; the dash is understood by the app.
    if (cell?.no_data && !isDash(typed) && typed !== "")
      edit.no_data = { typed: "", seen: cell.seen["no_data"] ?? null };
    edits.set(key, edit);
  }
  return [...edits.values()];
}

export function isDash(typed: string): boolean {
  return /^[-–—−]$/u.test(typed.trim());
}

/** What a cell is told apart by: its measure, its period, its part of the whole and where it was counted. */
export interface CellKey {
  indicator: string;
  period: string;
  stratum: string | null;
  source: Source;
}

export function keyOf(cell: CellKey): string {
  return `${cell.indicator} ${cell.period} ${cell.stratum ?? ""} ${cell.source}`;
}

/** What a row is told apart by. */
export function rowKey(row: GridRow): string {
  return `${row.indicator.code} ${row.stratum?.key ?? ""} ${row.source}`;
}

const fields = ["numerator", "denominator", "no_data", "explanation"] as const;

/** The edits that turn each cell of `from` into the one of the same name in `to`. */
export function editsBetween(from: readonly Cell[], to: readonly Cell[], language: Language): CellEdit[] {
  const wanted = new Map(to.map((cell) => [keyOf(cell), cell]));
  return from.flatMap((cell) => {
    const goal = wanted.get(keyOf(cell));
    if (!goal) return [];
    const edit: CellEdit = {
      indicator: cell.indicator,
      period: cell.period,
      stratum: cell.stratum,
      source: cell.source,
      numerator: null,
      denominator: null,
      no_data: null,
      explanation: null,
    };
    const changed = fields.filter((field) => cell[field] !== goal[field]);
    for (const field of changed) {
      const value = goal[field];
      const typed = typeof value === "number" ? typedForm(value, language) : (value ?? "");
      edit[field] = { typed, seen: cell.seen[field] ?? null };
    }
    return changed.length === 0 ? [] : [edit];
  });
}

/** Whether a question still waits for an answer. */
export function isAsked(cell: Cell): boolean {
  return cell.question !== null && cell.explanation === null;
}

/** Which of the two numbers a question is about. */
export function askedPart(cell: Cell): EntryPart {
  return cell.question && "part" in cell.question ? cell.question.part : "numerator";
}
