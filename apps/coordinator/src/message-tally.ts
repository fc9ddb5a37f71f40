/** Counts control messages by their kind, one count for either direction. */
export class MessageTally {
  readonly sent = new Map<string, number>();
  readonly received = new Map<string, number>();

  /** A message goes to a trainer. It is an object with the one field that says what it is. */
  send(message: object): void {
    count(this.sent, Object.keys(message)[0] ?? 'none');
  }

  /** A message has come from a trainer. @param kind the field that is set; strangers may set none */
  receive(kind: string | undefined): void {
    count(this.received, kind ?? 'none');
  }
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}
