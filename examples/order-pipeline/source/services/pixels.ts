// Images as plain pixels (PPM, P6), and smaller ones of them: each pixel is the mean of those that it stands for.

export interface Image {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

export function encodePpm({ width, height, pixels }: Image): Uint8Array {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
}

export function decodePpm(bytes: Uint8Array): Image {
  const head = /^P6\n(\d+) (\d+)\n255\n/.exec(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
  if (head === null) throw new Error('this is no image in the form P6');
  return { width: Number(head[1]), height: Number(head[2]), pixels: bytes.subarray(head[0].length) };
}

/** To the given width, which is not larger than its own. */
export function resize(image: Image, width: number): Image {
  const height = Math.max(1, Math.round((image.height * width) / image.width));
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      pixels.set(meanOf(image, boxOf(image, { x, y, width, height })), (y * width + x) * 3);
  }
  return { width, height, pixels };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxOf(image: Image, at: { x: number; y: number; width: number; height: number }): Box {
  const left = Math.floor((at.x * image.width) / at.width);
  const top = Math.floor((at.y * image.height) / at.height);
  const right = Math.max(left + 1, Math.floor(((at.x + 1) * image.width) / at.width));
  const bottom = Math.max(top + 1, Math.floor(((at.y + 1) * image.height) / at.height));
  return { left, right, top, bottom };
}

function meanOf({ width, pixels }: Image, { left, right, top, bottom }: Box): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      for (let of = 0; of < 3; of += 1) sum[of as 0] += pixels[(y * width + x) * 3 + of] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  return [Math.round(sum[0] / count), Math.round(sum[1] / count), Math.round(sum[2] / count)];
}
