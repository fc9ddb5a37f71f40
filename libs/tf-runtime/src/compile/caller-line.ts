/** Frames of TensorFlow.js are deep; V8 keeps ten by default. */
const frames = 200;

/** Frames between the user's line and the place that refuses it: TensorFlow.js, with source maps or without, and the files that watch it. */
const between = /[\\/]@tensorflow[\\/]|[\\/]tfjs-(?:core|layers|data|converter|node|backend-\w+)[\\/]src[\\/]|[\\/]compile[\\/](?:caller-line|recorder|trace-entry)\.[jt]s:/;

/** Where the code stands that called into TensorFlow.js: "/path/to/model.ts:12:5", or "an unknown place". */
export function callerLine(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const frame of stack.split('\n').slice(1)) {
    const place = /(?:^\s*at |\()(?:async )?(?:file:\/\/)?((?:\/|[A-Za-z]:\\)[^()]+:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (place !== undefined && !between.test(place)) return place;
  }
  return 'an unknown place';
}
