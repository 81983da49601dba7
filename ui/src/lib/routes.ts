import type { Component } from "svelte";

/** A screen, opened by the first word of the address; the rest of the address it reads itself. */
export interface Route {
  name: string;
  screen: Component;
}
