import { describe, expect, it } from "vitest";
import { matching, readNotices } from "./notices";

describe("the notices", () => {
  it("name each part with a licence and its words", async () => {
    const { parts, texts } = await readNotices();
    const names = parts.map((part) => part.name);
    expect(names).toEqual(
      expect.arrayContaining(["svelte", "tauri", "sqlcipher-src", "OpenSSL", "Noto Sans"]),
    );
    for (const part of parts) {
      expect(part.licence, part.name).not.toBe("");
      expect(part.texts.length, part.name).toBeGreaterThan(0);
      for (const text of part.texts) expect(texts[text]?.length, part.name).toBeGreaterThan(100);
    }
  });

  it("are found by name and by licence", () => {
    const part = (name: string, licence: string) => ({ name, version: "1", licence, texts: [] });
    const parts = [part("Noto Sans", "OFL-1.1"), part("svelte", "MIT")];
    expect(matching(parts, " noto").map((one) => one.name)).toEqual(["Noto Sans"]);
    expect(matching(parts, "mit").map((one) => one.name)).toEqual(["svelte"]);
    expect(matching(parts, "")).toEqual(parts);
    expect(matching(parts, "gpl")).toEqual([]);
  });
});
