import { call } from "./call";
import { enter } from "./session.svelte";
import { unasked } from "./sure.svelte";

type Save = () => Promise<void>;

const unsaved = new Set<Save>();

/** Has `save` run before the app is locked, until what this answers is called. */
export function beforeLeaving(save: Save): () => void {
  unsaved.add(save);
  return () => void unsaved.delete(save);
}

/** Saves whatever is being typed; whether nothing is left that waits for an answer. */
export async function allSaved(): Promise<boolean> {
  await Promise.all([...unsaved].map((save) => save()));
  return unsaved.size === 0;
}

/** Saves whatever is being typed, then locks. */
export async function leave(): Promise<void> {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  await unasked(() => Promise.all([...unsaved].map((save) => save())));
  enter(await call("lock", {}));
}
