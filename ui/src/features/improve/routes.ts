import type { Route } from "../../lib/routes";
import Improve from "./Improve.svelte";

export const routes: readonly Route[] = [{ name: "improve", screen: Improve }];
