import type { Route } from "../../lib/routes";
import Meetings from "./Meetings.svelte";

export const routes: readonly Route[] = [{ name: "meetings", screen: Meetings, section: "today" }];
