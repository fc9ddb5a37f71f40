/**
 * Cuts a stream into frames, so that whole ones can be sent again. Each framing is a function that is given the bytes at hand and where
 * the stream begins, and says how long the first frame is and whether it may be repeated: one whose repetition the layer below would
 * not notice. `null` waits for more bytes.
 */

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const headerBytes = 9;
const dataFrame = 0;

/** HTTP/2 (RFC 9113, §4.1). DATA frames are repeatable: they change no compression state; gRPC's control messages fit into one each. */
function http2(bytes, isStart) {
  if (isStart && bytes.length > 0 && bytes[0] === preface[0]) return bytes.length < preface.length ? null : { length: preface.length, repeatable: false };
  if (bytes.length < headerBytes) return null;
  const payload = bytes.readUIntBE(0, 3);
  const isEmptyOrLast = payload === 0 || (bytes[4] & 1) === 1;
  return { length: headerBytes + payload, repeatable: bytes[3] === dataFrame && !isEmptyOrLast };
}

/**
 * Frames that begin with a header of fixed size, which holds the lengths of what follows.
 * @param {{ header: number, lengthsAt: number[], littleEndian?: boolean }} layout bytes of the header, and where its 32-bit lengths lie
 */
export function lengthPrefixed({ header, lengthsAt, littleEndian = true }) {
  return (bytes) => {
    if (bytes.length < header) return null;
    const lengths = lengthsAt.map((at) => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)));
    return { length: lengths.reduce((sum, length) => sum + length, header), repeatable: true };
  };
}

/** Every piece as it arrives: what the bytes mean is unknown, as under TLS. */
function none(bytes) {
  return bytes.length === 0 ? null : { length: bytes.length, repeatable: true };
}

const framings = { http2, none };

/** Follows one direction of one connection. */
export class FrameCutter {
  #framing;
  #rest = Buffer.alloc(0);
  #isStart = true;

  /** @param framing name of one, or a function */
  constructor(framing) {
    this.#framing = typeof framing === 'function' ? framing : framings[framing];
    if (!this.#framing) throw new Error(`there is no framing ${framing}; there is ${Object.keys(framings).join(', ')}`);
  }

  /** The frames that are complete with this piece, as `{ bytes, repeatable }`. */
  push(piece) {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frames = [];
    for (let cut = this.#framing(this.#rest, this.#isStart); cut !== null && cut.length <= this.#rest.length; cut = this.#framing(this.#rest, this.#isStart)) {
      frames.push({ bytes: this.#rest.subarray(0, cut.length), repeatable: cut.repeatable });
      this.#rest = this.#rest.subarray(cut.length);
      this.#isStart = false;
    }
    return frames;
  }
}
