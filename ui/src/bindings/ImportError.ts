
export type ImportError = { row: number; column: string; code: string; value: string; first_row: number|null };
