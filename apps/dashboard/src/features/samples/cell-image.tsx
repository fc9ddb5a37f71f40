import { useLayoutEffect, useRef } from 'react';
import { drawMatrix } from './draw-matrix.js';
import { usePictures } from './use-pictures.js';

/** Properties of the image. */
export interface CellImageProps {
  /** Address of the picture that it is part of. */
  readonly url: string;
  readonly row: number;
  readonly column: number;
  /** Rows and columns of the picture. */
  readonly rows: number;
  readonly columns: number;
  /** What it shows; empty where the text beside it says so. */
  readonly alt: string;
}

/** One image of a picture, as wide as there is room. */
export function CellImage({ url, row, column, rows, columns, alt }: CellImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shown } = usePictures([url]);
  useLayoutEffect(() => {
    if (canvas.current && shown) drawMatrix(canvas.current, { images: shown.images, cells: [[{ picture: 0, row, column }]], rows, columns });
  }, [shown, row, column, rows, columns]);
  const naming = alt === '' ? ({ 'aria-hidden': true } as const) : ({ role: 'img', 'aria-label': alt } as const);
  return <canvas ref={canvas} {...naming} className="pixelated aspect-square w-full rounded bg-raised" />;
}
