import type { Route } from "../../lib/routes";
import Handover from "./Handover.svelte";

export const routes: readonly Route[] = [{ name: "handover", screen: Handover, section: "place" }];
