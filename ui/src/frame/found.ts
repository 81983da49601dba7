import type { Found } from "../bindings/Found";

/** The address of what was found, as the words after `#/`. */
export function addressOf({ kind, id, code, cycle, about }: Found): readonly string[] {
  switch (kind) {
    case null:
      return ["measure", "chart", code ?? ""];
    case "cycle":
      return ["improve", id ?? ""];
    case "trial":
      return ["improve", cycle ?? "", "try", id ?? ""];
    case "idea":
      return ["improve", cycle ?? "", "try"];
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
      return about ? ["meetings", about] : ["meetings"];
    case "event":
      return code ? ["measure", "chart", code] : ["measure"];
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
  { name: "share-title", to: ["share"], work: true },
  { name: "rail-share", to: ["share"], work: true },
  { name: "rail-centre", to: ["place"], work: false },
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
