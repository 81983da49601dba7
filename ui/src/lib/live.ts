import { isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Kind } from "../bindings/Kind";

/** What a change can be about: a kind of record, the state of sync, or who and where we are. */
export type Topic = Kind | "sync" | "start";

type Listener = (topics: ReadonlySet<string>) => void;

const listeners = new Set<Listener>();

/** Calls `listener` after each change, by this window or received from another laptop. */
export function onChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells every open screen what changed. */
export function announce(topics: readonly string[]): void {
  if (topics.length === 0) return;
  const changed = new Set(topics);
  for (const listener of [...listeners]) listener(changed);
}

/** How often a browser asks the test host what changed. */
const POLL_MS = 500;

/** Starts listening to the app; to be called once. */
export async function listenToApp(): Promise<void> {
  if (isTauri()) {
    await listen<string | string[]>("changed", ({ payload }) => announce(topicsOf(payload)));
    return;
  }
  const poll = async () => {
    try {
      const answer = await fetch("/changes");
      if (answer.ok) announce(topicsOf(await answer.json()));
    } catch {
      // The host is gone for a moment; the next round finds out.
    }
    setTimeout(poll, POLL_MS);
  };
  void poll();
}

function topicsOf(payload: unknown): string[] {
  const topics: unknown = typeof payload === "string" ? JSON.parse(payload) : payload;
  return Array.isArray(topics) ? topics.filter((topic) => typeof topic === "string") : [];
}
