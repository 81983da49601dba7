
export type ImportChange = "new"|"changed"|"same";
