import type { Action } from "../bindings/Action";
import type { Class } from "../bindings/Class";
import type { Entrance } from "../bindings/Entrance";
import type { MemberPlace } from "../bindings/MemberPlace";
import type { PlaceSummary } from "../bindings/PlaceSummary";
import type { StartState } from "../bindings/StartState";
import { call } from "./call";
import { speak, t } from "./i18n.svelte";

let start = $state.raw<StartState>();
let entrance = $state.raw<Entrance>();
let visited = $state.raw<PlaceSummary | null>(null);
let seen = $state.raw<MemberPlace[]>([]);

/** Who and where we are. Screens after the first start may rely on place and person. */
export const session = {
  get start(): StartState | undefined {
    return start;
  },
  /** Whether work may go on. While the app is locked or in need of rescue, the rest is what was on the screen before. */
  get entrance(): Entrance | undefined {
    return entrance;
  },
  /** The place whose cycles and figures are on the screen: home, or one below it that a coach opened. */
  get place(): PlaceSummary {
    const place = visited ?? start?.place;
    if (!place) throw new Error("a screen of a place was opened before the first start");
    return place;
  },
  /** The places this person may see, home first. */
  get places(): readonly MemberPlace[] {
    return seen;
  },
  /** All roles of this person, as they stand beside their name. */
  get roles(): string {
    return (start?.roles ?? []).map((role) => t(`role-${role}`)).join(" · ");
  },
  get isCoach(): boolean {
    return start?.roles.includes("coach") ?? false;
  },
  /** Whether this person looks after several places, and may be told who has not synced. */
  get oversees(): boolean {
    return (start?.roles ?? []).some((role) => ["coach", "region", "nation"].includes(role));
  },
  /** Whether this person reads sums, and single places on demand. */
  get looksOn(): boolean {
    return this.oversees && !this.isCoach;
  },
  /** What the section of this person's own place is called. */
  get ours(): string {
    return t(this.oursName);
  },
  /** The key of that name. */
  get oursName(): string {
    if (this.isCoach) return "rail-district";
    return this.looksOn || !this.readsWork ? "rail-office" : "rail-centre";
  },
  get isHome(): boolean {
    return visited === null || visited.id === start?.place?.id;
  },
  /** Whether this person may do something at the place on the screen: the app's own answer, so that nothing is offered
   * that it would refuse. The example has no such bounds. */
  may(action: Action, kind: Class): boolean {
    if (start?.practice) return true;
    const below = !this.isHome;
    const there = seen.find(({ place }) => place.id === this.place.id)?.permissions;
    return (there ?? start?.permissions ?? []).some(
      (one) => one.action === action && one.class === kind && one.below === below,
    );
  },
  /** Whether something may be begun here. */
  get mayBegin(): boolean {
    return this.may("write", "work");
  },
  /** Whether this person reads the work of the place on the screen, or sums alone. */
  get readsWork(): boolean {
    return this.may("read", "work");
  },
  /** Whether sums over the places below are what this person reads first. */
  get readsSums(): boolean {
    return this.isHome && !this.isCoach && start?.practice === false && this.may("read", "sums");
  },
  /** A coach who corrects another place's figure says why. */
  get needsReason(): boolean {
    const own = seen.find(({ place }) => place.id === this.place.id)?.permissions ?? [];
    const writes = own.some((one) => one.action === "write" && one.class === "work");
    return this.isCoach && !this.isHome && !writes;
  },
  get today(): string {
    return start?.today ?? "1970-01-01";
  },
  get month(): string {
    return start?.month ?? "1970-01";
  },
};

/** Takes over what a command said about who and where we are. */
export function enter(next: StartState): void {
  entrance = next.entrance;
  speak(next.language);
  // Nothing of the work is said then: what was on the screen stays hidden, with what was half written.
  if (entrance === "locked" || entrance === "rescue") return;
  const moved =
    start?.place?.id !== next.place?.id ||
    start?.practice !== next.practice ||
    start?.person?.id !== next.person?.id;
  start = next;
  if (moved) visited = null;
}

/** Asks the app who and where we are, and which places may be seen. */
export async function reload(): Promise<void> {
  enter(await call("start_state", {}));
  if (entrance === "open" && start?.begun) seen = await call("places", {});
}

/** Opens another place; every screen then shows it. */
export function visit(place: PlaceSummary): void {
  visited = place.id === start?.place?.id ? null : place;
}
