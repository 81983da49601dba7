import type { NoDataReason } from "./NoDataReason";
import type { OpenField } from "./OpenField";
import type { Question } from "./Question";
import type { Role } from "./Role";

export type Cell = { indicator: string; period: string; record: string; numerator: number|null; denominator: number|null; no_data: NoDataReason|null; explanation: string|null; value: number|null; question: Question|null; seen: { [key in string]?: string }; open: OpenField[]; author: string|null; author_role: Role|null };
