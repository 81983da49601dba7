import { invoke, isTauri } from "@tauri-apps/api/core";
import type { AppError } from "../bindings/AppError";
import type { CommandMap } from "../bindings/commands";
import { isSure, LEFT, MANY } from "./sure.svelte";

export type Name = keyof CommandMap;
export type Request<K extends Name> = CommandMap[K]["request"];
export type Response<K extends Name> = CommandMap[K]["response"];

/** Brings a command to the app and its answer back. Refusals are thrown as {@link AppError}. */
export type Carrier = (name: string, payload: unknown) => Promise<unknown>;

const byWindow: Carrier = (name, payload) => invoke("call", { name, payload });

const byHttp: Carrier = async (name, payload) => {
  const answer = await fetch(`/call/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  const body: unknown = await answer.json();
  if (!answer.ok) throw body;
  return body;
};

/** Whether the page stands in the app's own window, beside which the system's dialogs can open. */
export const inWindow = isTauri();

let carrier: Carrier = inWindow ? byWindow : byHttp;

/** Lets a test stand in for the app. */
export function carryBy(other: Carrier): void {
  carrier = other;
}

/** One use case of the app. A wrong name or field does not compile. Before much is removed the app asks: the person answers here. */
export async function call<K extends Name>(name: K, request: Request<K>): Promise<Response<K>> {
  try {
    return (await carrier(name, request)) as Response<K>;
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code !== MANY) throw error;
    if (!(await isSure(error))) throw { code: LEFT, params: {} } satisfies AppError;
    return call(name, { ...request, sure: true });
  }
}

/** Does what may be refused, and answers why it was; nothing when it was not. */
export async function refusal(work: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    return asAppError(thrown);
  }
}

/** Whatever was thrown, as a code with a sentence: a lost carrier is one too. */
export function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  if (typeof thrown === "string") {
    try {
      const parsed: unknown = JSON.parse(thrown);
      if (isAppError(parsed)) return parsed;
    } catch {
      // Not JSON: it falls through to the general sentence.
    }
  }
  return { code: "unexpected", params: {} };
}

function isAppError(thrown: unknown): thrown is AppError {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string";
}
