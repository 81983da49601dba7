const NARROW = "\u202f";
const WIDE = "\u00a0";

/**
 * Sets a French text as a printer would: a narrow no-break space before ; ? ! %, a no-break space before :
 * and inside « », curly apostrophes. Texts that are already set stay as they are.
 */
export function setFrench(text: string): string {
  return text
    .replace(/(\p{L})'/gu, "$1’")
    .replace(/[ \u00a0]+([;?!%])/gu, `${NARROW}$1`)
    .replace(/[ \u202f]+:(?=\s|$)/gu, `${WIDE}:`)
    .replace(/«[ \u202f]*/gu, `«${WIDE}`)
    .replace(/[ \u202f]*»/gu, `${WIDE}»`)
    .replaceAll(`${WIDE}${WIDE}`, WIDE);
}
