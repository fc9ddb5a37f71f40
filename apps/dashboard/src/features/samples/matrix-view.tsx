import { useLayoutEffect, useRef } from 'react';
import type { Cell, MatrixLayout } from './cell.js';
import { drawMatrix } from './draw-matrix.js';
import type { Pictures } from './use-pictures.js';

/** Properties of the matrix. */
export interface MatrixViewProps {
  readonly layout: MatrixLayout;
  /** The pictures of the layout's cells; undefined while the first ones load. */
  readonly pictures: Pictures | undefined;
  /** Rows and columns of each picture. */
  readonly rows: number;
  readonly columns: number;
  /** CSS pixels of an image at most. */
  readonly cellPixels: number;
  /** Width by height of an image. */
  readonly aspect: number;
  /** What it shows, in a sentence. */
  readonly summary: string;
  readonly onCell: (cell: Cell) => void;
}

/** Images in rows and columns with their names; each can be enlarged. */
export function MatrixView({ layout, pictures, rows, columns, cellPixels, aspect, summary, onCell }: MatrixViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const across = layout.columns.length;
  useLayoutEffect(() => {
    if (canvas.current && pictures) drawMatrix(canvas.current, { images: pictures.images, cells: layout.cells, rows, columns });
  }, [pictures, layout, rows, columns]);
  const track = { gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` };
  return (
    <div className="grid w-full grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1" style={{ maxWidth: across * cellPixels + 64 }}>
      <span />
      <div aria-hidden="true" className="grid text-center text-xs text-ink-3" style={track}>
        {layout.columns.map((name) => (
          <span key={name} className="truncate">
            {name}
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="grid items-center text-right text-xs text-ink-3" style={{ gridTemplateRows: `repeat(${layout.rows.length}, minmax(0, 1fr))` }}>
        {layout.rows.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <div className="relative overflow-hidden rounded bg-raised" style={{ aspectRatio: `${across * aspect} / ${layout.rows.length}` }}>
        <canvas ref={canvas} role="img" aria-label={summary} data-picture={pictures?.urls.at(-1)} className="pixelated absolute inset-0 size-full" />
        <div className="absolute inset-0 grid" style={{ ...track, gridTemplateRows: `repeat(${layout.rows.length}, minmax(0, 1fr))` }}>
          {layout.cells.flatMap((line, y) =>
            line.map((cell, x) => (
              <button
                key={`${y}-${x}`}
                type="button"
                aria-label={`Enlarge ${layout.rows[y]}, ${layout.columns[x]}`}
                onClick={() => onCell(cell)}
                className="hover:outline-2 hover:-outline-offset-2 hover:outline-accent focus-visible:-outline-offset-2"
              />
            )),
          )}
        </div>
      </div>
    </div>
  );
}
