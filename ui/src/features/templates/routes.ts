import type { Route } from "../../lib/routes";
import One from "./One.svelte";

export const routes: readonly Route[] = [{ name: "templates", screen: One, section: "improve" }];
