import type { Cell } from './cell.js';

/** Pixels of the pictures between two images. */
const gap = 1;

/** What a matrix is drawn from. */
export interface MatrixSource {
  readonly images: readonly HTMLImageElement[];
  readonly cells: readonly (readonly Cell[])[];
  /** How many rows and columns each picture has. */
  readonly rows: number;
  readonly columns: number;
}

/** Draws the cells in the pixels of the pictures; the page scales the canvas up. */
export function drawMatrix(canvas: HTMLCanvasElement, { images, cells, rows, columns }: MatrixSource): void {
  const first = images[0];
  const context = canvas.getContext('2d');
  if (!first || !context) return;
  const width = Math.floor(first.naturalWidth / columns);
  const height = Math.floor(first.naturalHeight / rows);
  canvas.width = (cells[0]?.length ?? 0) * (width + gap) - gap;
  canvas.height = cells.length * (height + gap) - gap;
  cells.forEach((line, y) =>
    line.forEach(({ picture, row, column }, x) => {
      const image = images[picture];
      if (image) context.drawImage(image, column * width, row * height, width, height, x * (width + gap), y * (height + gap), width, height);
    }),
  );
}
