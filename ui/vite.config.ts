import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const house = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // One build serves both the window and a web server, whatever its path.
  base: "./",
  build: {
    target: "safari16",
    // The content security policy allows fonts from 'self' only, so nothing may become a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: [house] },
    // `cargo xtask dev` serves the commands beside the page.
    proxy: { "/call": "http://127.0.0.1:5174", "/changes": "http://127.0.0.1:5174" },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
  },
});
