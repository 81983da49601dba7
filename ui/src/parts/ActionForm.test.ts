import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import ActionForm from "./ActionForm.svelte";

afterEach(cleanup);

const open = (about: string) =>
  render(ActionForm, { place: "p1", from: { about }, decision: { about }, onsaved: () => null });
const box = () =>
  screen.getByLabelText("Que décidons-nous ?", { normalizer: (text) => text.replaceAll(/\s/gu, " ") });

it("keeps what is half written until its screen is opened again", async () => {
  const { unmount } = open("m1");
  await userEvent.type(box(), "Deux tensiomètres");
  unmount();
  const other = open("m2");
  expect(box()).toHaveValue("");
  other.unmount();
  open("m1");
  expect(box()).toHaveValue("Deux tensiomètres");
});
