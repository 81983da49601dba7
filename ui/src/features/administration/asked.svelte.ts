import type { AppError } from "../../bindings/AppError";
import type { ServerLaptop } from "../../bindings/ServerLaptop";
import { asAppError } from "../../lib/call";
import { type Query, query } from "../../lib/query.svelte";

/** What a list at the server answers. Why it answers nothing is told to `ended` too, which knows when the log-in is over. */
export function asked<T>(ask: () => Promise<T>, ended: (error: AppError) => unknown): Query<T> {
  return query([], async () => {
    try {
      return await ask();
    } catch (thrown) {
      ended(asAppError(thrown));
      throw thrown;
    }
  });
}

/** A facility where one of the laptops works. */
export interface Facility {
  /** What names it at the server. */
  id: string;
  name: string;
  /** What it lies in. */
  detail: string;
}

/** The facilities where teams work with laptops that are still believed, whose names hold what was typed. */
export function facilities(laptops: readonly ServerLaptop[], holds: (text: string) => boolean): Facility[] {
  const teams = laptops.filter(
    ({ role, revoked }) => revoked === null && (role === "lead" || role === "member"),
  );
  return [...new Map(teams.map((one) => [one.place, one])).values()]
    .filter(({ place }) => holds(place))
    .map(({ place, above }) => ({ id: place, name: place, detail: above }));
}
