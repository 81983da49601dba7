import type { Route } from "../../lib/routes";
import About from "./About.svelte";
import Calculations from "./Calculations.svelte";
import Help from "./Help.svelte";

export const routes: readonly Route[] = [
  { name: "help", screen: Help },
  { name: "about", screen: About },
  { name: "calculations", screen: Calculations },
];
