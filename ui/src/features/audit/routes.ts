import type { Route } from "../../lib/routes";
import Audit from "./Audit.svelte";

export const routes: readonly Route[] = [{ name: "audit", screen: Audit, section: "place" }];
