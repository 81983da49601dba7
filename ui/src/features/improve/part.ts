import type { CycleDetail } from "../../bindings/CycleDetail";
import type { Kind } from "../../bindings/Kind";

/** What each part of a cycle's page is given. */
export interface PartProps {
  detail: CycleDetail;
  /** Why it is written, where somebody else's work is corrected. */
  reason: string | null;
  refresh: () => Promise<void>;
  remove: (kind: Kind, id: string, label: string) => Promise<void>;
}

/** What a part is given besides, where what it does can be taken back. */
export interface UndoneProps extends PartProps {
  did: (said: string, undo: () => Promise<unknown>) => void;
}

/** The tools that wait until a team wants them. */
export const TOOLS = ["fishbone", "whys", "drivers", "matrix", "team", "measures"] as const;
export type Tool = (typeof TOOLS)[number];
