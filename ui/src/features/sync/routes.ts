import type { Route } from "../../lib/routes";
import Sync from "./Sync.svelte";

export const routes: readonly Route[] = [{ name: "sync", screen: Sync }];
