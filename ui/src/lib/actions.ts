import type { ActionField } from "../bindings/ActionField";
import type { PlannedAction } from "../bindings/PlannedAction";
import { call } from "./call";
import { t } from "./i18n.svelte";
import { session } from "./session.svelte";

/** What a coach's save in another place's record says; nothing at one's own place. */
export const reasonAt = (place: string): string | null =>
  session.isCoach && place !== session.start?.place?.id ? t("action-by-coach") : null;

/** Changes one field of an action, wherever it lies. */
export function editAction(
  action: PlannedAction,
  field: ActionField,
  value: string | null,
  seen: string | null = action.meta.seen[field] ?? null,
): Promise<unknown> {
  return call("save_action", {
    id: action.meta.id,
    place: action.place,
    edits: [{ field, value, seen }],
    reason: reasonAt(action.place),
  });
}
