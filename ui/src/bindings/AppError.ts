
export type AppError = { code: string; params: { [key in string]?: string } };
