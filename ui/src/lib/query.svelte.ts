import type { AppError } from "../bindings/AppError";
import { asAppError } from "./call";
import { onChanged, type Topic } from "./live";

/** What a screen shows of the app, kept up to date. */
export interface Query<T> {
  readonly data: T | undefined;
  readonly error: AppError | null;
  /** True until the first answer. */
  readonly waiting: boolean;
  /** Asks again and resolves when the new answer is shown. */
  refresh(): Promise<void>;
}

/**
 * Loads when the component starts, when what `load` reads changes, and when the app says that one of
 * `topics` changed. The last answer stays on the screen meanwhile. Call it while a component is set up.
 */
export function query<T>(topics: readonly Topic[], load: () => Promise<T>): Query<T> {
  let data = $state.raw<T>();
  let error = $state.raw<AppError | null>(null);
  let asked = 0;
  let shown = 0;

  async function ask(): Promise<void> {
    const mine = ++asked;
    try {
      const answer = await load();
      if (mine < shown) return;
      shown = mine;
      data = answer;
      error = null;
    } catch (thrown) {
      if (mine < shown) return;
      shown = mine;
      error = asAppError(thrown);
    }
  }

  $effect(() => {
    void ask();
  });
  $effect(() => onChanged((changed) => void (topics.some((topic) => changed.has(topic)) && ask())));

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get waiting() {
      return data === undefined && error === null;
    },
    refresh: ask,
  };
}
