import type { Category } from "../../../bindings/Category";
import type { CycleDetail } from "../../../bindings/CycleDetail";
import { t } from "../../../lib/i18n.svelte";
import type { DiagramNode } from "./layout";

/** The bones of the fish: three above the spine, three below. */
export const CATEGORIES: readonly Category[] = [
  "people",
  "methods",
  "supplies",
  "surroundings",
  "measuring",
  "community",
];

/** What all hangs on. */
export const ROOT = "root";
/** The bone of what nobody has put on one yet. */
const UNSORTED = "unsorted";

export const boneOf = (category: Category | null): string => `bone-${category ?? UNSORTED}`;

/** The category of a bone; null for the one of what is not sorted, nothing for what is no bone. */
export function categoryOf(id: string): Category | null | undefined {
  if (id === boneOf(null)) return null;
  return CATEGORIES.find((category) => boneOf(category) === id);
}

const LONGEST = 110;

/** The first sentence of a text, or its beginning. */
export function firstSentence(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(text.trim())?.[0] ?? text.trim();
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST).replace(/\s+\S*$/u, "")}…` : sentence;
}

function root(text: string): DiagramNode {
  return { id: ROOT, parent: null, text, form: "root", fixed: true };
}

function saidOf(detail: CycleDetail, cause: CycleDetail["causes"][number], parent: string): DiagramNode {
  return {
    id: cause.meta.id,
    parent,
    text: cause.text ?? "",
    form: "said",
    verified: cause.standing === "verified",
    ruledOut: cause.standing === "ruled_out",
    ...(cause.main ? { flag: t("cause-is-main") } : {}),
    ...(cause.meta.open.length > 0 ? { flag: t("two-values") } : {}),
  };
}

const problemOf = (detail: CycleDetail) => firstSentence(detail.cycle.problem ?? "") || t("cause-no-problem");

/** The fishbone: the problem, the bones, and on each what belongs there. */
export function fishNodes(detail: CycleDetail): DiagramNode[] {
  const tops = detail.causes.filter((cause) => cause.parent === null);
  const unsorted = tops.some((cause) => cause.category === null);
  const bones = [...CATEGORIES, ...(unsorted ? [null] : [])].map((category): DiagramNode => ({
    id: boneOf(category),
    parent: ROOT,
    text: t(`category-${category ?? UNSORTED}`),
    form: "bone",
    fixed: true,
  }));
  return [
    { ...root(problemOf(detail)), leaf: true },
    ...bones,
    ...detail.causes.map((cause) => saidOf(detail, cause, cause.parent ?? boneOf(cause.category))),
  ];
}

/** The 5 whys: the problem, and behind each cause the one that explains it. */
export function whyNodes(detail: CycleDetail): DiagramNode[] {
  return [
    root(problemOf(detail)),
    ...detail.causes.map((cause) => saidOf(detail, cause, cause.parent ?? ROOT)),
  ];
}

/** The driver diagram: the aim, what has to change, and the ideas that do it. */
export function driverNodes(detail: CycleDetail, aim: string): DiagramNode[] {
  const ideas = detail.ideas.filter((idea) => !idea.meta.deleted);
  const known = new Set(detail.drivers.map((driver) => driver.meta.id));
  const parents = new Set(detail.drivers.map((driver) => driver.parent));
  const used = new Set(ideas.map((idea) => idea.driver));
  return [
    root(aim),
    ...detail.drivers.map((driver): DiagramNode => {
      const bare = !parents.has(driver.meta.id) && !used.has(driver.meta.id);
      return {
        id: driver.meta.id,
        parent: driver.parent ?? ROOT,
        text: driver.text ?? "",
        form: "said",
        ...(driver.meta.open.length > 0
          ? { flag: t("two-values") }
          : bare
            ? { flag: t("driver-without-idea") }
            : {}),
      };
    }),
    ...ideas
      .filter((idea) => idea.driver !== null && known.has(idea.driver))
      .map((idea): DiagramNode => ({
        id: idea.meta.id,
        parent: idea.driver,
        text: idea.text ?? "",
        form: "idea",
        leaf: true,
        ...(idea.tried ? { verified: true } : {}),
      })),
  ];
}
