import type { Found } from "../bindings/Found";
import { session } from "../lib/session.svelte";

/** The address of what was found, as the words after `#/`. */
export function addressOf({ kind, id, code, cycle, about, of_pause }: Found): readonly string[] {
  switch (kind) {
    case null:
      return ["measure", "chart", code ?? ""];
    case "cycle":
      return ["improve", id ?? ""];
    case "trial":
      return ["improve", cycle ?? "", "try", id ?? ""];
    case "photo":
    case "observation":
      return ["improve", cycle ?? "", "try", about ?? ""];
    case "idea":
      // Where ideas are weighed stand all of them, tried or not.
      return ["improve", cycle ?? "", "tools", "matrix"];
    case "lesson":
      return ["share", id ?? ""];
    case "action":
      return ["actions", id ?? ""];
    case "meeting":
      return ["meetings", id ?? ""];
    case "pause":
      return ["pauses", id ?? ""];
    case "decision":
      if (cycle) return ["improve", cycle, "decide"];
      if (about) return [of_pause ? "pauses" : "meetings", about];
      return ["meetings"];
    case "event":
      // One that is about all of the place is shown on the chart that its team looks at.
      return code ? ["measure", "chart", code, "event", id ?? ""] : ["measure"];
    default:
      return ["today"];
  }
}

/** A screen that can be searched by its name. */
export interface Page {
  /** The key of its name. */
  name: string;
  to: readonly string[];
  /** Whether it shows the work of places, which not everybody reads. */
  work: boolean;
}

export const PAGES: readonly Page[] = [
  { name: "rail-today", to: ["today"], work: false },
  { name: "rail-improve", to: ["improve"], work: true },
  { name: "improve-new", to: ["improve", "new"], work: true },
  { name: "rail-measure", to: ["measure"], work: false },
  { name: "library-title", to: ["library"], work: false },
  { name: "rail-share", to: ["share"], work: true },
  { name: "share-title", to: ["share"], work: true },
  {
    get name() {
      return session.oursName;
    },
    to: ["place"],
    work: false,
  },
  { name: "meetings-title", to: ["meetings"], work: true },
  { name: "pauses-title", to: ["pauses"], work: true },
  { name: "actions-title", to: ["actions"], work: true },
  { name: "removed-title", to: ["removed"], work: true },
  { name: "backups-title", to: ["backups"], work: false },
  { name: "rail-sync", to: ["sync"], work: false },
  { name: "audit-title", to: ["audit"], work: false },
  { name: "handover-title", to: ["handover"], work: true },
  { name: "help-title", to: ["help"], work: false },
  { name: "glossary-title", to: ["glossary"], work: false },
  { name: "calc-title", to: ["calculations"], work: false },
];
