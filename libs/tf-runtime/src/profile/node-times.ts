import { messageType } from '../message-type.js';

/** One execution of a node. */
export interface NodeTime {
  readonly node: string;
  readonly operation: string;
  /** When its kernel began; all of a run on one clock. */
  readonly startNs: number;
  /** The end of the kernel. Of an operation on a GPU that is when it was handed over. */
  readonly endNs: number;
}

/** `RunMetadata` of the proto file, as protobufjs decodes it with numbers for int64. */
interface DecodedMetadata {
  readonly stepStats?: { readonly devStats?: readonly { readonly device: string; readonly nodeStats?: readonly DecodedNode[] }[] };
}

interface DecodedNode {
  readonly nodeName: string;
  readonly timelineLabel: string;
  readonly allStartNanos: number;
  readonly opStartRelNanos: number;
  readonly opEndRelNanos: number;
}

/**
 * The nodes that ran, with the times that TensorFlow measured, from the bytes of a RunMetadata. The device's own records of a GPU's streams
 * are left out: they would count the same operations again.
 */
export function nodeTimes(metadata: Uint8Array): NodeTime[] {
  const type = messageType('run_metadata.proto', 'RunMetadata');
  // The type was made from the file that the interface repeats.
  const { stepStats } = type.toObject(type.decode(metadata), { longs: Number, defaults: true }) as DecodedMetadata;
  const devices = (stepStats?.devStats ?? []).filter(({ device }) => /device:[CG]PU:\d+$/i.test(device));
  const nodes = devices.flatMap(({ nodeStats = [] }) => nodeStats);
  const originNs = nodes.reduce((first, node) => Math.min(first, node.allStartNanos), Infinity);
  // Relative to the first node: nanoseconds since 1970 would be rounded.
  return nodes.map((node) => ({
    node: node.nodeName,
    operation: operationOf(node),
    startNs: node.allStartNanos - originNs + node.opStartRelNanos,
    endNs: node.allStartNanos - originNs + node.opEndRelNanos,
  }));
}

/** TensorFlow labels a node "name = Operation(inputs)". */
function operationOf({ timelineLabel, nodeName }: DecodedNode): string {
  return / = (\w+)\(/.exec(timelineLabel)?.[1] ?? nodeName;
}
