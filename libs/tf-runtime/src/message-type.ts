import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const known = new Map<string, protobuf.Type>();

/** A message of TensorFlow, from the file in `proto/` that has the part of it that is used here. Each is read once. */
export function messageType(file: string, name: string): protobuf.Type {
  const found = known.get(name) ?? protobuf.loadSync(fileURLToPath(new URL(`../proto/${file}`, import.meta.url))).lookupType(`tensorflow.${name}`);
  known.set(name, found);
  return found;
}
