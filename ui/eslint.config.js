import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** A feature never imports a sibling: what two need moves to parts or lib. */
const features = [
  "compare",
  "help",
  "improve",
  "measure",
  "multiples",
  "place",
  "share",
  "start",
  "sync",
  "today",
  "wall",
];
const noSiblings = features.map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["@tauri-apps/*"], message: "Only src/lib talks to the window." },
          {
            group: features.filter((other) => other !== feature).map((other) => `**/${other}/**`),
            message: "A feature never imports a sibling; move it to parts or lib.",
          },
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ["dist", "node_modules", "src/bindings"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      // Maps and dates here are copied, never changed in place; `$state.raw` tells the screen.
      "svelte/prefer-svelte-reactivity": "off",
      // TypeScript knows what is defined.
      "no-undef": "off",
      // Files of words are keyed by what the program hands in.
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  {
    files: ["src/parts/**", "src/frame/**", "src/App.svelte"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/lib talks to the window." }] },
      ],
    },
  },
  ...noSiblings,
);
