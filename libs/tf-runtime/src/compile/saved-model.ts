import { tensorFlowVersion } from '../install/wheel-pins.js';
import { messageType } from '../message-type.js';
import type { GraphNode, GraphShape } from './graph-node.js';

/** The tag under which Python's TensorFlow saves and finds a model too. */
const servingTag = 'serve';

/**
 * Version of the graph format that the nodes are written for (`TF_GRAPH_DEF_VERSION` of TensorFlow 2.16): below 24, a
 * scalar placeholder would be one of unknown shape.
 */
const graphProducer = 1882;

/** An input or output of a signature: a place in the graph. */
export interface TensorPlace {
  /** "node:output" */
  readonly name: string;
  readonly dtype: number;
  readonly tensorShape: GraphShape;
}

/** A function of a graph that others may call by name. */
export interface Signature {
  readonly inputs: Readonly<Record<string, TensorPlace>>;
  readonly outputs: Readonly<Record<string, TensorPlace>>;
  /** What kind of function it is; "tensorflow/serving/predict" is any. */
  readonly methodName: string;
}

/** The bytes of `saved_model.pb` for a graph without variables on disk. */
export function encodeSavedModel(nodes: readonly GraphNode[], signatures: Readonly<Record<string, Signature>> = {}): Uint8Array {
  const type = messageType('saved_model.proto', 'SavedModel');
  return type
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [
        {
          metaInfoDef: { tags: [servingTag], tensorflowVersion: tensorFlowVersion },
          graphDef: { node: nodes, versions: { producer: graphProducer } },
          signatureDef: signatures,
        },
      ],
    })
    .finish();
}
