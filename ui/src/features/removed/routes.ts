import type { Route } from "../../lib/routes";
import RemovedPage from "./Removed.svelte";

export const routes: readonly Route[] = [{ name: "removed", screen: RemovedPage, section: "place" }];
