import type { Today } from "../bindings/Today";
import type { TodayItem } from "../bindings/TodayItem";
import { reasonAt } from "./actions";
import { call } from "./call";
import { spoken, t } from "./i18n.svelte";
import { go } from "./router.svelte";

/** What an item of the first screen says. */
export const itemSentence = (item: TodayItem): string =>
  t(`today-${item.kind.replaceAll("_", "-")}`, spoken(item.params));

/** Opens the meeting of today with what is due as its agenda. */
export async function holdMeeting(place: string, today: Today): Promise<void> {
  const agenda = today.items.map(itemSentence);
  if (today.carried > 0) agenda.push(t("meeting-agenda-actions", { count: today.carried }));
  const held = await call("hold_meeting", { place, agenda, reason: reasonAt(place) });
  go("meetings", held.id);
}
