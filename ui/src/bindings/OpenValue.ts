
export type OpenValue = { text: string; token: string; author: string; at: string; shown: boolean; uncertain: boolean };
