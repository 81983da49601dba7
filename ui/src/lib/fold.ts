/** A text without case and accents, so that « segou » finds « Ségou » and « nyetaa » finds « Ɲɛtaa ». */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ɛ", "e")
    .replaceAll("ɔ", "o")
    .replaceAll("ɲ", "ny")
    .replaceAll("ŋ", "ng")
    .replaceAll("œ", "oe")
    .replace(/[’']/gu, " ");
}

/** Whether every word of `query` begins or lies in `text`. */
export function matches(text: string, query: string): boolean {
  const folded = fold(text);
  return fold(query)
    .split(/\s+/u)
    .every((word) => folded.includes(word));
}
