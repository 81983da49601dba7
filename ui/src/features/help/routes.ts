import type { Route } from "../../lib/routes";
import About from "./About.svelte";
import Calculations from "./Calculations.svelte";
import Glossary from "./Glossary.svelte";
import Help from "./Help.svelte";

export const routes: readonly Route[] = [
  { name: "help", screen: Help },
  { name: "glossary", screen: Glossary },
  { name: "about", screen: About },
  { name: "calculations", screen: Calculations },
];
