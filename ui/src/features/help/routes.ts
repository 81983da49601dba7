import type { Route } from "../../lib/routes";
import Help from "./Help.svelte";

export const routes: readonly Route[] = [{ name: "help", screen: Help }];
