/** Makes pictures of screens small: a PNG of at most 256 colours, which such a picture hardly exceeds, instead of one of 16 million. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const MAX_COLOURS = 256;

/** Of these. The others are those that differ most, so that a small mark keeps its colour. */
const FREQUENT_COLOURS = 192;

/** @param png 8 bits for each of red, green and blue, and maybe alpha, not interlaced: as Chromium writes it */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png);
  const counts = new Map<number, number>();
  for (const pixel of pixels) {
    counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  }
  const palette = paletteOf(counts);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      lines[y * (width + 1) + 1 + x] = indexes.get(pixels[y * width + x] ?? 0) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(parts))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = colours.slice(0, FREQUENT_COLOURS);
  const others = colours.slice(FREQUENT_COLOURS).map((colour) => ({
    colour,
    distance: Math.min(...palette.map((one) => distance(one, colour))),
  }));
  while (palette.length < MAX_COLOURS && others.length > 0) {
    const farthest = others.reduce((a, b) => (b.distance > a.distance ? b : a));
    palette.push(farthest.colour);
    for (const other of others) {
      other.distance = Math.min(other.distance, distance(farthest.colour, other.colour));
    }
    others.splice(others.indexOf(farthest), 1);
  }
  return palette;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** A number of 24 bits each. */
  readonly pixels: Uint32Array;
}

function decoded(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const bytes = png[25] === 6 ? 4 : 3;
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  const filtered = inflateSync(Buffer.concat(data));
  const stride = width * bytes;
  let above: Uint8Array = new Uint8Array(stride);
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const line = unfiltered(filtered[start] ?? 0, filtered.subarray(start + 1, start + 1 + stride), above, bytes);
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = line.subarray(x * bytes);
      pixels[y * width + x] = red * 65_536 + green * 256 + blue;
    }
    above = line;
  }
  return { width, height, pixels };
}

/** The bytes of a line, which PNG has as differences from the left, from above, or from both. */
function unfiltered(filter: number, line: Uint8Array, above: Uint8Array, bytes: number): Uint8Array {
  const result = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at++) {
    const left = result[at - bytes] ?? 0;
    const up = above[at] ?? 0;
    const corner = at < bytes ? 0 : (above[at - bytes] ?? 0);
    const guesses = [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)];
    result[at] = (line[at] ?? 0) + (guesses[filter] ?? 0);
  }
  return result;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((one) => distance(one, colour));
  return distances.indexOf(Math.min(...distances));
}

function distance(a: number, b: number): number {
  const other = parts(b);
  return parts(a).reduce((sum, part, at) => sum + (part - (other[at] ?? 0)) ** 2, 0);
}

function parts(colour: number): readonly number[] {
  return [Math.floor(colour / 65_536), Math.floor(colour / 256) % 256, colour % 256];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
