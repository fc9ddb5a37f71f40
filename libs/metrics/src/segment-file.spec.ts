import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { MetricColumns } from './metric-columns.js';
import { decodeSegment, encodeSegment } from './segment-file.js';
import { pointAt } from './testing/points.js';

function rowsOf(count: number): MetricColumns {
  const rows = new MetricColumns();
  for (let step = 1; step <= count; step += 1) rows.push(pointAt(step));
  return rows;
}

describe('a segment', () => {
  it('comes back as it was', async () => {
    const rows = rowsOf(5000);
    const back = await decodeSegment(encodeSegment(3, rows), 'here');
    expect(back.length).toBe(5000);
    for (const index of [0, 1, 999, 1000, 4999]) expect(back.point(index)).toEqual(rows.point(index));
    expect(back.column('loss')).toEqual(rows.column('loss'));
  });

  it('is Parquet with types that say what the columns are', async () => {
    const bytes = encodeSegment(3, rowsOf(2));
    const file = bytes.slice().buffer;
    expect(await parquetReadObjects({ file })).toEqual([
      { attempt: 3, step: 1n, time: new Date(1_700_000_001_000), loss: 1, gradientNorm: 1, learningRate: 0.25, imagesPerSecond: 64 },
      { attempt: 3, step: 2n, time: new Date(1_700_000_002_000), loss: 0.5, gradientNorm: 2, learningRate: 0.25, imagesPerSecond: 64 },
    ]);
    expect(parquetMetadata(file).schema.slice(1).every(({ repetition_type }) => repetition_type === 'REQUIRED')).toBe(true);
  });

  it('has bytes that follow from its rows alone', () => {
    expect(encodeSegment(1, rowsOf(300))).toEqual(encodeSegment(1, rowsOf(300)));
  });

  it('is refused by name when it is damaged', async () => {
    const bytes = encodeSegment(1, rowsOf(300));
    await expect(decodeSegment(bytes.subarray(0, bytes.length - 9), 'v1/some/key')).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('v1/some/key') });
  });
});
