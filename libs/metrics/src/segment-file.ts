import { LangevinError } from '@langevin/contracts';
import { parquetMetadata, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { columnNames, MetricColumns, type ColumnName } from './metric-columns.js';

/**
 * Rows of one attempt as a Parquet file: `attempt` (INT32), `step` (INT64), `time` (TIMESTAMP_MILLIS, UTC) and DOUBLE for the
 * metrics. Equal rows give equal bytes.
 */
export function encodeSegment(attempt: number, rows: MetricColumns): Uint8Array {
  const { length } = rows;
  const whole = (name: 'step' | 'time'): BigInt64Array => BigInt64Array.from(rows.column(name), (value) => BigInt(value));
  const buffer = parquetWriteBuffer({
    // Noisy doubles hardly compress, and a curve of a million steps is to be there in a second.
    codec: 'UNCOMPRESSED',
    columnData: [
      { name: 'attempt', type: 'INT32', nullable: false, data: new Int32Array(length).fill(attempt) },
      { name: 'step', type: 'INT64', nullable: false, data: whole('step') },
      { name: 'time', type: 'TIMESTAMP', nullable: false, data: Array.from(rows.column('time'), (value) => new Date(value)) },
      ...columnNames.slice(2).map((name) => ({ name, type: 'DOUBLE' as const, nullable: false, data: rows.column(name) })),
    ],
  });
  return new Uint8Array(buffer);
}

/**
 * The rows of a segment.
 * @param where its key, for the message
 * @throws LangevinError `object_corrupt`
 */
export async function decodeSegment(bytes: Uint8Array, where: string): Promise<MetricColumns> {
  try {
    const file = bytes.slice().buffer;
    const metadata = parquetMetadata(file);
    const columns = new Map<string, Float64Array>(columnNames.map((name) => [name, new Float64Array(Number(metadata.num_rows))]));
    await parquetRead({
      file,
      metadata,
      columns: [...columnNames],
      parsers: { timestampFromMilliseconds: Number },
      onChunk: ({ columnName, columnData, rowStart }) => {
        const target = columns.get(columnName);
        if (target) copy(columnData, target, rowStart);
      },
    });
    return toRows(columns, Number(metadata.num_rows));
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${where} is damaged: it is no segment of metrics (${LangevinError.from(cause).message})`, { cause });
  }
}

function copy(values: ArrayLike<unknown>, target: Float64Array, start: number): void {
  if (values instanceof Float64Array) target.set(values, start);
  else for (let index = 0; index < values.length; index += 1) target[start + index] = Number(values[index]);
}

function toRows(columns: ReadonlyMap<string, Float64Array>, length: number): MetricColumns {
  return MetricColumns.from((name: ColumnName) => columns.get(name) ?? new Float64Array(length), length);
}
