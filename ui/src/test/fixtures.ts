import type { Aside } from "../bindings/Aside";
import type { Cell } from "../bindings/Cell";
import type { CellEdit } from "../bindings/CellEdit";
import type { ChartPoint } from "../bindings/ChartPoint";
import type { ChartView } from "../bindings/ChartView";
import type { Grid } from "../bindings/Grid";
import type { Indicator } from "../bindings/Indicator";
import type { PlaceSummary } from "../bindings/PlaceSummary";
import type { StartState } from "../bindings/StartState";
import type { SyncState } from "../bindings/SyncState";
import type { WaitingRecord } from "../bindings/WaitingRecord";
import { monthsUntil } from "../lib/dates";

export const place: PlaceSummary = {
  id: "p1",
  name: "CSCom de Sélingué",
  level: "facility",
  path: "Sikasso › Sélingué",
  code: null,
};

export const started: StartState = {
  entrance: "open",
  locks: true,
  language: "fr",
  begun: true,
  practice: false,
  new_key: null,
  handed_in: false,
  fell_back: null,
  place,
  person: { id: "a1", name: "Awa Traoré", role: "lead" },
  roles: ["lead"],
  permissions: [
    { action: "read", class: "work", below: false },
    { action: "write", class: "work", below: false },
  ],
  today: "2026-11-22",
  month: "2026-10",
  version: "0.1.0",
};

export function indicator(code: string, change: Partial<Indicator> = {}): Indicator {
  return {
    code,
    area: "mnch",
    level: "facility",
    name: { fr: `Mesure ${code}`, en: `Measure ${code}` },
    numerator: { fr: `Nombre ${code}`, en: `Number ${code}` },
    denominator: { fr: `Total ${code}`, en: `Total ${code}` },
    kind: "proportion",
    chart: "p",
    direction: "up",
    target: null,
    unit: { fr: "%", en: "%" },
    multiplier: 100,
    frequency: "monthly",
    source: { fr: "", en: "" },
    register: null,
    column: null,
    balances: [],
    small_numbers: "five_events_and_five_others",
    no_goal: null,
    follows: null,
    variant: null,
    numerator_in_dhis2: [],
    denominator_in_dhis2: [],
    version: 1,
    short: code,
    ...change,
  };
}

export function emptyCell(code: string, period: string): Cell {
  return {
    indicator: code,
    period,
    stratum: null,
    source: "register",
    record: `${code} ${period}`,
    numerator: null,
    denominator: null,
    no_data: null,
    explanation: null,
    value: null,
    question: null,
    seen: {},
    open: [],
    author: null,
    written: null,
    author_role: null,
    correction: null,
  };
}

export function gridOf(codes: readonly string[], months = 3): Grid {
  const periods = monthsUntil("2026-10", months);
  return {
    place,
    frequency: "monthly",
    frequencies: ["monthly"],
    periods,
    rows: codes.map((code) => ({
      indicator: indicator(code),
      stratum: null,
      source: "register",
      goal: null,
      cycles: [],
      cells: periods.map((period) => emptyCell(code, period)),
    })),
    filled: 0,
    expected: codes.length,
    writable: true,
  };
}

/** Keeps figures as the app does, as far as the screen can tell: each save gives a field a new version. */
export class FigureKeeper {
  saves: { cells: CellEdit[]; reason: string | null }[] = [];
  #grid: Grid;
  #version = 0;

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  get grid(): Grid {
    return this.#grid;
  }

  cell(code: string, period: string): Cell {
    const found = this.#grid.rows
      .find((row) => row.indicator.code === code)
      ?.cells.find((cell) => cell.period === period);
    if (!found) throw new Error(`no cell ${code} ${period}`);
    return found;
  }

  save(cells: CellEdit[], reason: string | null): Cell[] {
    this.saves.push({ cells: structuredClone(cells), reason });
    for (const edit of cells) {
      for (const part of ["numerator", "denominator"] as const) {
        const typed = edit[part]?.typed;
        if (typed !== undefined && !/^(-|\d*([.,]\d+)?)$/u.test(typed)) {
          // The shape of a refusal, as the carrier throws it.
          throw { code: "cell-invalid", params: { typed } };
        }
      }
    }
    const changed = new Map(cells.map((edit) => [`${edit.indicator} ${edit.period}`, this.#apply(edit)]));
    this.#grid = {
      ...this.#grid,
      rows: this.#grid.rows.map((row) => ({
        ...row,
        cells: row.cells.map((cell) => changed.get(`${cell.indicator} ${cell.period}`) ?? cell),
      })),
    };
    return [...changed.values()];
  }

  #apply(edit: CellEdit): Cell {
    const cell = { ...this.cell(edit.indicator, edit.period) };
    cell.seen = { ...cell.seen };
    for (const part of ["numerator", "denominator"] as const) {
      const input = edit[part];
      if (!input) continue;
      if (input.typed === "-") cell.no_data = "other";
      else cell[part] = input.typed === "" ? null : Number(input.typed.replace(",", "."));
      cell.seen[part] = `v${(this.#version += 1)}`;
    }
    if (edit.no_data) {
      cell.no_data = edit.no_data.typed === "" ? null : (edit.no_data.typed as Cell["no_data"]);
      cell.seen["no_data"] = `v${(this.#version += 1)}`;
    }
    if (edit.explanation) {
      cell.explanation = edit.explanation.typed || null;
      cell.seen["explanation"] = `v${(this.#version += 1)}`;
    }
    cell.value =
      cell.numerator !== null && cell.denominator ? (cell.numerator * 100) / cell.denominator : null;
    return cell;
  }
}

export function chartOf(values: readonly (number | null)[], change: Partial<ChartView> = {}): ChartView {
  const months = monthsUntil("2026-10", values.length);
  return {
    points: values.map((value, i) => point(months[i] ?? "", value)),
    chart: "run",
    drawn: "value",
    advice: { chart: "p", reason: "proportion" },
    trial: false,
    centre: 50,
    goal: 80,
    reach: null,
    judged: true,
    verdict: { kind: "no_sign" },
    meaning: "neutral",
    useful: values.length,
    longest_run: 3,
    longest_run_allowed: 6,
    crossings: 5,
    crossings_needed: 3,
    multiply: 100,
    rules: "anhoej-2014",
    phases: [{ first: 0, last: Math.max(values.length - 1, 0), centre: 50, useful: values.length }],
    frozen: null,
    ...change,
  };
}

export function point(label: string, value: number | null): ChartPoint {
  const n = value === null ? null : Math.round(value / 2);
  return {
    label,
    value,
    n,
    d: value === null ? null : 50,
    incomplete: false,
    signal: false,
    excluded: false,
    breaks: [],
    centre: 50,
    baseline: true,
    goal: 80,
    limits: null,
    no_data: null,
  };
}

export function syncState(change: Partial<SyncState> = {}): SyncState {
  return {
    state: "up_to_date",
    server: "https://sync.example.ml",
    waiting: [],
    provisional: false,
    waiting_saves: 0,
    waiting_since: null,
    held: 0,
    last_contact: "2026-11-20T16:40",
    last: null,
    tries_again: null,
    log: [],
    questions: 0,
    clock_off_minutes: 0,
    stage: null,
    waits: [],
    aside: [],
    carried: 0,
    revoked: false,
    revoked_since: null,
    handed_in: false,
    copied: false,
    copied_since: null,
    version: "0.1.0",
    ...change,
  };
}

export function aside(change: Partial<Aside> = {}): Aside {
  return {
    id: "q1",
    place: "CSCom de Kangaré",
    reason: "scope",
    saves: 1,
    since: "2026-11-19T08:00",
    from: "Awa Traoré",
    ...change,
  };
}

export function waiting(change: Partial<WaitingRecord> = {}): WaitingRecord {
  return {
    kind: "cycle",
    record: "c1",
    label: "Quatre CPN à Kangaré",
    cycle: { id: "c1", title: "Quatre CPN à Kangaré" },
    place: "CSCom de Kangaré",
    author: "Awa Traoré",
    changes: 3,
    since: "2026-11-19T08:00",
    refused: null,
    ...change,
  };
}
