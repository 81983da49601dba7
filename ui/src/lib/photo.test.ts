import { expect, it } from "vitest";
import { attempts, picturesIn } from "./photo";

it("a photo keeps its shape and is never drawn larger than it came", () => {
  for (const attempt of attempts(4000, 3000)) {
    expect(attempt.width / attempt.height).toBeCloseTo(4 / 3, 1);
    expect(attempt.width).toBeLessThanOrEqual(1024);
  }
  expect(attempts(200, 100).every(({ width, height }) => width === 200 && height === 100)).toBe(true);
  expect(attempts(1, 5000)[0]).toMatchObject({ width: 1, height: 1024 });
});

it("each try is smaller or coarser than the one before", () => {
  const weights = attempts(4000, 3000).map(({ width, height, quality }) => width * height * quality);
  expect(weights).toEqual([...weights].sort((a, b) => b - a));
});

it("only pictures are taken from what is dropped", () => {
  const files = [
    new File([], "a.jpg", { type: "image/jpeg" }),
    new File([], "b.txt", { type: "text/plain" }),
  ];
  expect(picturesIn({ files } as unknown as DataTransfer).map(({ name }) => name)).toEqual(["a.jpg"]);
  expect(picturesIn(null)).toEqual([]);
});
