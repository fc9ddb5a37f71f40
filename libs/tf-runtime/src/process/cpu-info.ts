import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The processor, as far as the bits of a result depend on it. */
export interface CpuInfo {
  readonly model: string;
  /** The instruction sets that change TensorFlow's arithmetic and that this processor has, sorted. */
  readonly isa: readonly string[];
}

/** Names as `/proc/cpuinfo` has them. */
const relevantIsa = new Set([
  ...['sse4_2', 'avx', 'avx2', 'fma', 'f16c', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl', 'avx512_vnni'],
  ...['avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_int8', 'amx_bf16'],
  ...['asimd', 'asimddp', 'asimdhp', 'bf16', 'i8mm', 'sve', 'sve2', 'svebf16'],
]);

/** Reads the text of `/proc/cpuinfo`: its first processor. Pure. */
export function parseCpuInfo(text: string): CpuInfo {
  const field = (name: RegExp) => name.exec(text)?.[1]?.trim();
  const flags = field(/^(?:flags|Features)\s*:(.*)$/m)?.split(/\s+/) ?? [];
  const isa = flags.filter((flag) => relevantIsa.has(flag)).sort();
  return { model: field(/^model name\s*:(.*)$/m) ?? 'unknown', isa };
}

/** The processor of this machine; without `/proc/cpuinfo` its model alone. */
export function cpuInfo(): CpuInfo {
  const model = os.cpus()[0]?.model.trim() ?? 'unknown';
  try {
    const parsed = parseCpuInfo(readFileSync('/proc/cpuinfo', 'utf8'));
    return parsed.model === 'unknown' ? { ...parsed, model } : parsed;
  } catch {
    // Not Linux: the architecture alone decides the instruction sets that TensorFlow uses there.
    return { model, isa: [] };
  }
}
