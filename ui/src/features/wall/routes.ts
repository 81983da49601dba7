import type { Route } from "../../lib/routes";
import Wall from "./Wall.svelte";

export const routes: readonly Route[] = [{ name: "wall", screen: Wall, section: "measure" }];
