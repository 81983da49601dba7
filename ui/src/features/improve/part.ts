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
