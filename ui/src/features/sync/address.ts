import type { CycleDetail } from "../../bindings/CycleDetail";
import type { Kind } from "../../bindings/Kind";
import { call } from "../../lib/call";

/** A screen's address, as the words after `#/`. */
export type Address = readonly string[];

/** Where in a cycle a record of it is written; null when it is not of this cycle. */
export function inCycle(detail: CycleDetail, kind: Kind, record: string): Address | null {
  const id = detail.cycle.meta.id;
  const has = (list: readonly { meta: { id: string } }[]) => list.some(({ meta }) => meta.id === record);
  const trial = detail.trials.find(
    ({ meta, comments }) => meta.id === record || comments.some((comment) => comment.meta.id === record),
  );
  if (trial) return ["improve", id, "try", trial.meta.id];
  if (id === record || has(detail.members) || has(detail.measures)) return ["improve", id, "understand"];
  if (has(detail.ideas)) return ["improve", id, "try"];
  if (has(detail.lessons) || has(detail.decisions) || has(detail.rechecks)) return ["improve", id, "decide"];
  return kind === "comment" && has(detail.comments) ? ["improve", id] : null;
}

/** Where a record is read and written. */
export async function addressOf(
  kind: Kind,
  record: string | null,
  cycle: string | null,
  value: { period: string | null; label: string } = { period: null, label: "" },
): Promise<Address> {
  if (kind === "measurement" || record === null) return cellAddress(value);
  if (ON_CHARTS.includes(kind)) return chartAddress(value);
  if (kind === "place" || kind === "person") return ["place"];
  if (kind === "pause") return ["pauses", record];
  if (kind === "visit") return ["supervision", "visit", record];
  if (kind === "answer") return ["supervision"];
  if (kind === "template") return ["templates", record];
  if (cycle === null) return ["improve"];
  if (kind === "cycle") return ["improve", record];
  return inCycle(await call("cycle", { id: cycle }), kind, record) ?? ["improve", cycle];
}

/** What people decide about a chart stands on it. */
const ON_CHARTS: readonly Kind[] = [
  "chart_phase",
  "chart_freeze",
  "excluded_point",
  "chart_setting",
  "chart_goal",
];

async function chartAddress({ period, label }: { period: string | null; label: string }): Promise<Address> {
  const known = await call("indicators", {});
  const code = known.find(({ name }) => [name.fr, name.en].includes(label))?.code;
  if (code === undefined) return ["measure"];
  return ["measure", "chart", code, ...(period === null ? [] : [period])];
}

/** The cell of a measure and a month; the first line of the month where the measure is not known. */
async function cellAddress({ period, label }: { period: string | null; label: string }): Promise<Address> {
  if (period === null) return ["measure"];
  const known = label === "" ? [] : await call("indicators", {});
  const code = known.find(({ name }) => [name.fr, name.en].includes(label))?.code;
  return ["measure", code ?? "-", period];
}
