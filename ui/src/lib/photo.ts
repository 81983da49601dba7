import { base64 } from "./base64";

/** The most bytes that the app takes for a picture, with a little room for what it writes itself. */
export const MOST_BYTES = 19_500;

/** The longest side and the quality that are tried, one after the other, until the picture is small enough. */
const TRIED = [
  [1024, 0.6],
  [800, 0.55],
  [800, 0.4],
  [640, 0.5],
  [640, 0.35],
  [512, 0.4],
  [400, 0.4],
  [320, 0.4],
  [320, 0.25],
  [240, 0.2],
] as const;

/** The file is no picture that this computer can read. */
export class Unreadable extends Error {}

/** How a picture is drawn anew: never larger than it came. */
export interface Attempt {
  width: number;
  height: number;
  quality: number;
}

/** What is tried for a picture of a size, the finest first. */
export function attempts(width: number, height: number): Attempt[] {
  return TRIED.map(([side, quality]) => {
    const scale = Math.min(1, side / Math.max(width, height));
    return {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
      quality,
    };
  });
}

/** A photo as it will be kept. */
export interface Shrunk {
  /** A JPEG as base64, drawn anew: what the camera wrote beside the picture is not in it. */
  image: string;
  bytes: number;
}

/** Draws a picture anew, small enough to be kept and sent. */
export async function shrunk(file: Blob): Promise<Shrunk> {
  const address = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = address;
    try {
      await picture.decode();
    } catch {
      throw new Unreadable();
    }
    const { naturalWidth, naturalHeight } = picture;
    if (naturalWidth === 0 || naturalHeight === 0) throw new Unreadable();
    for (const attempt of attempts(naturalWidth, naturalHeight)) {
      const drawn = await draw(picture, attempt);
      if (drawn.size <= MOST_BYTES) {
        return { image: base64(await drawn.arrayBuffer()), bytes: drawn.size };
      }
    }
    throw new Unreadable();
  } finally {
    URL.revokeObjectURL(address);
  }
}

function draw(picture: HTMLImageElement, { width, height, quality }: Attempt): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Unreadable();
  // A JPEG knows no transparency.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Unreadable())), "image/jpeg", quality),
  );
}

/** The address under which the screen shows a picture. */
export const addressOf = (image: string): string => `data:image/jpeg;base64,${image}`;

/** The pictures among files that were dropped or pasted. */
export const picturesIn = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** As wide as a photo stands on paper beside another one, in pixels of the screen. */
const ON_PAPER = 320;

/** A photo as a drawing, as paper takes it. */
export async function onPaper(image: string): Promise<string> {
  const picture = new Image();
  picture.src = addressOf(image);
  await picture.decode();
  const width = Math.min(ON_PAPER, picture.naturalWidth);
  const height = Math.round((width * picture.naturalHeight) / picture.naturalWidth);
  const size = `width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}"><image ${size} href="${picture.src}"/></svg>`;
}
