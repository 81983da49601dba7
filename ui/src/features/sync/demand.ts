import type { DemandPlace } from "../../bindings/DemandPlace";

/** How a place that can be read stands: here, chosen and not come yet, given back and not gone yet, or none of these. */
export type DemandStanding = "here" | "coming" | "leaving" | "elsewhere";

export function standingOf({ on, here }: DemandPlace): DemandStanding {
  if (on) return here ? "here" : "coming";
  return here ? "leaving" : "elsewhere";
}

/** Whether the next exchange brings it, or takes it away. */
export const isOnTheWay = (place: DemandPlace): boolean => ["coming", "leaving"].includes(standingOf(place));

/** Places by their district, in the order in which they come. */
export function byDistrict(places: readonly DemandPlace[]): { district: string; places: DemandPlace[] }[] {
  const groups = new Map<string, DemandPlace[]>();
  for (const place of places) groups.set(place.above, [...(groups.get(place.above) ?? []), place]);
  return [...groups].map(([district, some]) => ({ district, places: some }));
}
