import type { Route } from "../../lib/routes";
import Administration from "./Administration.svelte";

export const routes: readonly Route[] = [{ name: "administration", screen: Administration }];
