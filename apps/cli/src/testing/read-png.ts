import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** A decoded picture. */
export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  /** The red part of each pixel, row by row. */
  readonly red: Uint8Array;
  /** How many different grey values it holds: 1 for an empty picture. */
  readonly shades: number;
}

/** Decodes a PNG file; throws when it is none, or is damaged. */
export function readPng(file: string): DecodedPng {
  const { width, height, data } = PNG.sync.read(readFileSync(file), { checkCRC: true });
  const red = data.filter((_, index) => index % 4 === 0);
  return { width, height, red, shades: new Set(red).size };
}
