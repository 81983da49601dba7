import { expect, it } from "vitest";
import { started } from "../test/fixtures";
import { carryBy } from "./call";
import { Draft } from "./draft.svelte";
import { allSaved, leave } from "./leaving";

it("what is being typed is saved before the app is locked", async () => {
  const said: string[] = [];
  let value = "";
  carryBy((name) => {
    said.push(name);
    return Promise.resolve({ ...started, entrance: "locked", place: null, person: null });
  });
  const draft = new Draft({
    value: () => value,
    seen: () => null,
    save: (text) => {
      said.push(`save ${text}`);
      value = text;
      return Promise.resolve();
    },
  });
  draft.type("les femmes oublient");
  await leave();
  expect(said).toEqual(["save les femmes oublient", "lock"]);
  await leave();
  expect(said.slice(2)).toEqual(["lock"]);
});

it("what waits for an answer is not saved, and that is said", async () => {
  let asks = true;
  let value = "";
  const draft = new Draft({
    value: () => value,
    seen: () => null,
    clear: () => Promise.resolve(!asks),
    save: (text) => {
      value = text;
      return Promise.resolve();
    },
  });
  expect(await allSaved()).toBe(true);
  draft.type("Awa Traoré a attendu");
  expect(await allSaved()).toBe(false);
  expect(value).toBe("");
  asks = false;
  expect(await allSaved()).toBe(true);
  expect(value).toBe("Awa Traoré a attendu");
});
