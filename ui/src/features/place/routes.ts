import type { Route } from "../../lib/routes";
import OurPlace from "./OurPlace.svelte";

export const routes: readonly Route[] = [{ name: "place", screen: OurPlace }];
