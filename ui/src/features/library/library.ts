import type { Area } from "../../bindings/Area";
import type { Indicator } from "../../bindings/Indicator";
import { matches } from "../../lib/fold";

/** The measures that answer what was typed, in either language and without accents, in the order of the catalogue. */
export function found(all: readonly Indicator[], typed: string, area: Area | ""): Indicator[] {
  return all.filter((one) => {
    if (area !== "" && one.area !== area) return false;
    const texts = [one.name, one.numerator, one.denominator, one.register, one.column];
    const words = texts.flatMap((text) => (text === null ? [] : [text.fr, text.en]));
    return matches([one.code, ...words].join(" "), typed);
  });
}

/** The measures by area, in the order in which the areas first stand in the catalogue. */
export function byArea(all: readonly Indicator[]): { area: Area; measures: Indicator[] }[] {
  const groups = new Map<Area, Indicator[]>();
  for (const one of all) groups.set(one.area, [...(groups.get(one.area) ?? []), one]);
  return [...groups].map(([area, measures]) => ({ area, measures }));
}
