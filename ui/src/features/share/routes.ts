import type { Route } from "../../lib/routes";
import Share from "./Share.svelte";

export const routes: readonly Route[] = [{ name: "share", screen: Share }];
