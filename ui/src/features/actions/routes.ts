import type { Route } from "../../lib/routes";
import Actions from "./Actions.svelte";

export const routes: readonly Route[] = [{ name: "actions", screen: Actions, section: "today" }];
