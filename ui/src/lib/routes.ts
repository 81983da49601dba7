import type { Component } from "svelte";

/** A screen, opened by the first word of the address; the rest of the address it reads itself. */
export interface Route {
  name: string;
  screen: Component;
  /** The section of the rail that it is a part of; none for itself. */
  section?: string;
}
