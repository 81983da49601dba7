import { FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";
import { errorSentence, sentence, speak, t } from "./i18n.svelte";

const files = import.meta.glob<string>("../../../assets/locales/*/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});

function keysOf(language: string): string[] {
  return Object.entries(files)
    .filter(([path]) => path.includes(`/${language}/`))
    .flatMap(([, text]) => new FluentResource(text).body.map((entry) => entry.id))
    .sort();
}

/** Everything a sentence may ask for, so that each can be said in full. */
const said = new Proxy(
  {},
  {
    get: () => 2,
    has: () => true,
    ownKeys: () => [],
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 2 }),
  },
);

describe("words", () => {
  it("are the same keys in both languages, each once", () => {
    const french = keysOf("fr");
    expect(keysOf("en")).toEqual(french);
    expect(new Set(french).size).toBe(french.length);
  });

  it("can all be said", () => {
    for (const key of keysOf("fr")) {
      for (const language of ["fr", "en"] as const) {
        const text = sentence(language, key, said);
        expect(text, `${language} ${key}`).toBeTruthy();
        expect(text, `${language} ${key}`).not.toContain("{");
      }
    }
  });

  it("switch at once", () => {
    speak("en");
    expect(t("rail-today")).toBe("Today");
    speak("fr");
    expect(t("rail-today")).toBe("Aujourd’hui");
    expect(document.documentElement.lang).toBe("fr");
  });

  it("say an error with what it is about, and have a sentence for one nobody foresaw", () => {
    speak("fr");
    expect(errorSentence({ code: "month-ahead", params: { period: "2027-01" } })).toContain(
      "janvier\u00a02027",
    );
    expect(errorSentence({ code: "never-heard-of", params: {} })).toBe(t("error-unexpected"));
  });

  it("count as French does", () => {
    expect(sentence("fr", "improve-comments", { count: 0 })).toBe("0 commentaire");
    expect(sentence("fr", "improve-comments", { count: 2 })).toBe("2 commentaires");
    expect(sentence("en", "improve-comments", { count: 0 })).toBe("0 comments");
  });
});
