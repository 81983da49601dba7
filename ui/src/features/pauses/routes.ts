import type { Route } from "../../lib/routes";
import Pauses from "./Pauses.svelte";

export const routes: readonly Route[] = [{ name: "pauses", screen: Pauses, section: "today" }];
