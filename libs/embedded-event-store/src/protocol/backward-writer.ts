const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * Writes a protobuf message from its end to its beginning: when a nested message is closed its length is known,
 * so nothing has to be measured beforehand or copied afterwards. Fields are written last to first.
 */
export class BackwardWriter {
  readonly #buffer: Buffer;
  #start: number;

  /** @param capacity bytes the message takes at most */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#start = capacity;
  }

  uint64(field: number, value: number | bigint): void {
    this.#varint(value);
    this.#tag(field, VARINT);
  }

  bytes(field: number, value: Uint8Array): void {
    this.raw(value);
    this.#varint(value.length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#start -= length;
    this.#buffer.write(value, this.#start, length, 'utf8');
    this.#varint(length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  /** Bytes that are encoded already. */
  raw(value: Uint8Array): void {
    this.#start -= value.length;
    this.#buffer.set(value, this.#start);
  }

  /** Where a nested message ends; to be given to {@link close} once its fields are written. */
  get end(): number {
    return this.#start;
  }

  close(field: number, end: number): void {
    this.#varint(end - this.#start);
    this.#tag(field, LENGTH_DELIMITED);
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number | bigint): void {
    if (typeof value === 'bigint') this.#bigVarint(value);
    else if (value < 0x80) this.#buffer[--this.#start] = value;
    else this.#longVarint(value);
  }

  /** Up to 2^53, so by division: bit operations would cut at 32 bits. */
  #longVarint(value: number): void {
    let length = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
    this.#start -= length;
    let at = this.#start;
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#buffer[at++] = (rest % 0x80) + 0x80;
    this.#buffer[at] = rest;
  }

  /** Negative ones as int64 does: in two's complement. */
  #bigVarint(value: bigint): void {
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) groups.push(Number(rest & 0x7fn) + 0x80);
    groups.push(Number(rest));
    this.#start -= groups.length;
    this.#buffer.set(groups, this.#start);
  }
}
