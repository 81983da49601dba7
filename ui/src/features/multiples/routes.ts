import type { Route } from "../../lib/routes";
import Multiples from "./Multiples.svelte";

export const routes: readonly Route[] = [{ name: "multiples", screen: Multiples, section: "measure" }];
