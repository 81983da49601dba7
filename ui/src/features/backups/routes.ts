import type { Route } from "../../lib/routes";
import Backups from "./Backups.svelte";

export const routes: readonly Route[] = [{ name: "backups", screen: Backups, section: "place" }];
