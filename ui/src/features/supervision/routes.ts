import type { Route } from "../../lib/routes";
import Supervision from "./Supervision.svelte";

export const routes: readonly Route[] = [{ name: "supervision", screen: Supervision }];
