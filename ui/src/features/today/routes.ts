import type { Route } from "../../lib/routes";
import Today from "./Today.svelte";

export const routes: readonly Route[] = [{ name: "today", screen: Today }];
