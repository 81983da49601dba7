import type { Route } from "../../lib/routes";
import Library from "./Library.svelte";

export const routes: readonly Route[] = [{ name: "library", screen: Library, section: "measure" }];
