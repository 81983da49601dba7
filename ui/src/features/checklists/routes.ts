import type { Route } from "../../lib/routes";
import Checklists from "./Checklists.svelte";

export const routes: readonly Route[] = [{ name: "checklists", screen: Checklists }];
