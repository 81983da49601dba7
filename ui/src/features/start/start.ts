import type { NewPlace } from "../../bindings/NewPlace";
import type { PlaceSummary } from "../../bindings/PlaceSummary";
import type { Role } from "../../bindings/Role";

/** What was chosen so far as one's place: one in the tree, or a new one under it. */
export interface Chosen {
  place: PlaceSummary | null;
  adding: boolean;
  addedName: string;
  addedLevel: "facility" | "village";
}

export type Lack = "place" | "added" | "name" | "role" | "pin";

/** What is still missing before work can begin, in the order of the page. */
export function missing(chosen: Chosen, name: string, role: Role | null, pin: string | null): Lack[] {
  const lacks: Lack[] = [];
  if (chosen.place === null) lacks.push("place");
  if (chosen.adding && chosen.addedName.trim() === "") lacks.push("added");
  if (name.trim() === "") lacks.push("name");
  if (role === null) lacks.push("role");
  if (pin === null) lacks.push("pin");
  return lacks;
}

/** The place as the app wants it: an identifier, or what to make under one. */
export function placeOf(chosen: Chosen): { place: string | null; new_place: NewPlace | null } {
  const parent = chosen.place?.id ?? null;
  if (!chosen.adding || parent === null) return { place: parent, new_place: null };
  return { place: null, new_place: { name: chosen.addedName.trim(), level: chosen.addedLevel, parent } };
}
