import type { Route } from "../../lib/routes";
import Compare from "./Compare.svelte";

export const routes: readonly Route[] = [{ name: "compare", screen: Compare, section: "measure" }];
