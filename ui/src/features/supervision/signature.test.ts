import { expect, it } from "vitest";
import { HEIGHT, onPaper, pathOf, type Stroke, WIDTH } from "./signature";

it("keeps strokes as moves and lines in whole numbers within the box", () => {
  const drawn: Stroke[] = [
    [
      [10.4, 20.6],
      [30, 40],
      [700, -5],
    ],
    [[5, 5]],
  ];
  expect(pathOf(drawn)).toBe(`M 10 21 L 30 40 ${WIDTH} 0 ${WIDTH} 0 M 5 5 L 5 5`);
  expect(pathOf([])).toBeNull();
});

it("keeps a signature that goes on and on whole, by fewer of its points", () => {
  const long: Stroke = Array.from({ length: 20_000 }, (_, at) => [at % WIDTH, (at * 7) % HEIGHT] as const);
  const path = pathOf([long]) ?? "";
  expect(path.length).toBeGreaterThan(100);
  expect(path.length).toBeLessThanOrEqual(8_000);
});

it("stands on paper under whose it is", () => {
  const picture = onPaper("M 1 2 L 3 4", "Issa Coulibaly");
  expect(picture.above).toBe("Issa Coulibaly");
  expect(picture.drawing).toContain('d="M 1 2 L 3 4"');
});
