import { expect, it } from "vitest";
import { base64 } from "./base64";

it("writes bytes of any length", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  expect(base64(bytes.buffer)).toBe(Buffer.from(bytes).toString("base64"));
  expect(base64(new ArrayBuffer(0))).toBe("");
});
