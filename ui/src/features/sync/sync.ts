import type { SyncState } from "../../bindings/SyncState";
import type { Aside } from "../../bindings/Aside";
import type { Stage } from "../../bindings/Stage";
import type { SyncResult } from "../../bindings/SyncResult";
import type { Wait } from "../../bindings/Wait";
import { errorSentence, spoken, t, tDay, tNumber } from "../../lib/i18n.svelte";
import { bytes } from "../../lib/sizes";

/** How long ago a contact was, after its date; nothing on the day itself. */
export function lateness(moment: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(moment.slice(0, 10))) / 86_400_000);
  return days <= 0 ? "" : `, ${t("sync-days-ago", { days }).replaceAll(" ", "\u00a0")}`;
}

/** What an exchange is doing now. */
export function stageWords(stage: Stage): string {
  const size = bytes(stage.bytes);
  const { done, total } = stage;
  switch (stage.step) {
    case "sending":
      return t("stage-sending", { done, total, size });
    case "receiving":
      return total > 0
        ? t("stage-receiving", { done, total, size })
        : t("stage-receiving-some", { done, size });
    case "snapshot":
      return total > 0
        ? t("stage-snapshot", { done: bytes(done), total: bytes(total) })
        : t("stage-snapshot-some", { size });
    case "history":
      return t("stage-history", { size });
    case "stick_out":
      return t("stage-stick-out", { at: Math.min(done + 1, total), total, size });
    case "stick_in":
      return t("stage-stick-in", { at: Math.min(done + 1, total), total, size });
  }
}

/** Whose saves a save waits for: places, each once with how many. */
export function needed(wait: Wait): string {
  const places = new Map<string, number>();
  for (const { place } of wait.needs) places.set(place, (places.get(place) ?? 0) + 1);
  return [...places].map(([place, count]) => t("sync-waits-of", { place, count })).join(", ");
}

/** How far a clock may be off before a person is told. */
export const CLOCK_MINUTES = 10;

/** How far this computer's clock is off, in minutes or in days, whichever can be grasped. */
export function clockWords(off: number): string {
  const minutes = Math.abs(off);
  return minutes < 2 * 24 * 60
    ? t("sync-clock", { minutes: tNumber(minutes) })
    : t("sync-clock-days", { days: tNumber(Math.round(minutes / (24 * 60))) });
}

/** Days after which a save that waits for another is a matter for a person. */
export const LONG_WAIT = 30;

/** Which saves were put aside: how many, whose and where, as far as it is known. */
export function asideTitle({ saves: count, from, place }: Aside): string {
  if (place === "") return t("sync-aside-unknown", { count });
  return from ? t("sync-aside-of", { count, from, place }) : t("sync-aside-some", { count, place });
}

/** Why saves were put aside, and what can be done. */
export function asideWords(reason: string, id: string): { why: string; what: string } {
  switch (reason) {
    case "scope":
      return { why: t("aside-scope"), what: t("aside-scope-do") };
    case "revoked":
      return { why: t("aside-revoked"), what: t("aside-revoked-do") };
    case "author-revoked":
      return { why: t("aside-author-revoked"), what: t("aside-author-revoked-do") };
    case "fork":
      return { why: t("aside-fork"), what: t("aside-fork-do") };
    case "gap":
      return { why: t("aside-gap"), what: t("aside-gap-do") };
    case "full":
      return { why: t("aside-full"), what: t("aside-full-do") };
    case "replica-unknown":
    case "unknown-sender":
      return { why: t("aside-unknown-sender"), what: t("aside-unknown-sender-do") };
    case "newer":
      return { why: t("aside-newer"), what: t("aside-newer-do") };
    default:
      return {
        why: t("aside-damaged"),
        what: t("aside-damaged-do", { id: `${reason} ${id.slice(0, 8)}`.trim() }),
      };
  }
}

/** No network, or a server with too many visitors: nothing that a person could see to, so it is said calmly. */
export const isWeather = ({ code }: SyncResult): boolean =>
  code === "server-unreachable" || code === "server-busy";

/** Milliseconds as seconds, to a tenth below ten. */
const seconds = (ms: number): number =>
  ms < 9_950 ? Math.max(1, Math.round(ms / 100)) / 10 : Math.round(ms / 1000);

/** What an attempt came to, and how long it took. */
export function resultSentence(result: SyncResult): string {
  const came = whatCame(result);
  const took = Number(result.params["took"]);
  // How long a failed one took is told by nobody's patience.
  const timed = result.ok && took > 0 ? t("log-took", { what: came, seconds: tNumber(seconds(took)) }) : came;
  const removed = Number(result.params["removed"]);
  const told = removed > 0 ? t("log-removed", { what: timed, count: removed }) : timed;
  return "successor" in result.params ? `${t("log-successor")} ${told}` : told;
}

function whatCame(result: SyncResult): string {
  if (!result.ok) return errorSentence({ code: result.code ?? "unexpected", params: result.params });
  const size = bytes(result.bytes_up + result.bytes_down);
  switch (result.kind) {
    case "stick_out":
      return t("log-stick-out", { sent: result.sent, size, ...spoken(result.params) });
    case "stick_in":
      return t("log-stick-in", { received: result.received, size, ...spoken(result.params) });
    default:
      return result.sent + result.received === 0
        ? t("log-nothing", { size })
        : t("sync-result", { sent: result.sent, received: result.received, size });
  }
}

/** The log by day, the newest first. */
export function logByDay(log: readonly SyncResult[]): { day: string; results: SyncResult[] }[] {
  const days: { day: string; results: SyncResult[] }[] = [];
  for (const result of log) {
    const day = tDay(result.at);
    const last = days.at(-1);
    if (last?.day === day) last.results.push(result);
    else days.push({ day, results: [result] });
  }
  return days;
}

/** The server does not take the word of the coach's laptop that enrolled this one, does not know this one any more, or stands in
 * the place of another that named no heir to it: only an invitation helps. */
export function needsInvitation({ provisional, log }: SyncState): boolean {
  const code = log.find(({ kind }) => kind === "server")?.code ?? "";
  const unknown = ["replica-unknown", "server-unproven", "invitation-elsewhere"].includes(code);
  return unknown || (provisional && ["issuer-revoked", "issues-used"].includes(code));
}
