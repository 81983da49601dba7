import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import type { CycleDetail } from "../../bindings/CycleDetail";
import type { Light } from "../../bindings/Light";
import Lights from "./Lights.svelte";

afterEach(cleanup);

const detail = { cycle: { meta: { id: "c" } }, measures: [] } as unknown as CycleDetail;

it.each([
  [{ lamp: "aim", glow: "half", trial: null }, "Objectif : en partie. ", "/improve/c/understand"],
  [{ lamp: "cause", glow: "off", trial: null }, "Cause : pas encore. ", "/improve/c/tools/fishbone"],
  [{ lamp: "small", glow: "half", trial: "t" }, "Petit essai : en partie. ", "/improve/c/try/t"],
  [{ lamp: "data", glow: "on", trial: null }, "Données : oui. ", "/improve/c/tools/measures"],
] as const)("$0.lamp says in words how it burns, and leads where it is mended", (light, said, way) => {
  render(Lights, { detail, lights: [light satisfies Light] });
  const link = screen.getByRole("link");
  expect(link.getAttribute("aria-label")?.replaceAll("\u00a0", " ")).toContain(said);
  expect(link.getAttribute("href")).toContain(way);
});
