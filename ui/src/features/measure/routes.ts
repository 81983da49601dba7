import type { Route } from "../../lib/routes";
import Measure from "./Measure.svelte";

export const routes: readonly Route[] = [{ name: "measure", screen: Measure }];
