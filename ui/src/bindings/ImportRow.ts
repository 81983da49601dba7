import type { Entry } from "./Entry";
import type { ImportChange } from "./ImportChange";
import type { Question } from "./Question";

export type ImportRow = { row: number; indicator: string; indicator_name: string; period: string; entry: Entry; before: Entry|null; change: ImportChange; question: Question|null };
