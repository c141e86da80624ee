/** Deepest nesting: the format itself needs about ten levels. */
const depthMax = 32;

/** Most structures: each becomes an object of a few hundred bytes. */
const structuresMax = 4_000_000;

/** Thrown when bytes end within a structure; more of them may help. */
export class ThriftCutOff extends Error {
  override readonly message = "it ends within a structure";
}

/**
 * Checks a structure in Thrift's compact protocol before anybody builds objects from it: nothing in
 * it may claim to be larger than the bytes that are there. Gives the offset of its end.
 *
 * @throws ThriftCutOff when the bytes end too early; Error when the structure is impossible.
 */
export function checkThrift(bytes: Uint8Array, offset = 0): number {
  const checker = new ThriftChecker(bytes, offset);
  checker.structure(0);
  return checker.offset;
}

class ThriftChecker {
  /** Each element takes a byte of its own, so that there cannot be more of them. */
  #elementsLeft: number;
  #structures = 0;

  constructor(private readonly bytes: Uint8Array, public offset: number) {
    this.#elementsLeft = bytes.length - offset;
  }

  structure(depth: number): void {
    if (depth > depthMax) throw new Error("its structures are nested too deeply");
    if (++this.#structures > structuresMax) throw new Error("it has too many structures");
    while (true) {
      const field = this.#byte();
      const type = field & 0x0f;
      if (type === 0) return;
      if (field >> 4 === 0) this.#varint();
      this.#element(type, depth + 1);
    }
  }

  #element(type: number, depth: number): void {
    if (type === 1 || type === 2) return; // true and false are in the type
    if (type === 3) this.#skip(1);
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.#skip(8);
    else if (type === 8) this.#skip(this.#length());
    else if (type === 9) this.#list(depth);
    else if (type === 12) this.structure(depth);
    else throw new Error(`it has a field of the unknown type ${type}`);
  }

  #list(depth: number): void {
    if (depth > depthMax) throw new Error("its lists are nested too deeply");
    const header = this.#byte();
    const type = header & 0x0f;
    const size = header >> 4 === 15 ? this.#length() : header >> 4;
    this.#elementsLeft -= size;
    if (this.#elementsLeft < 0) throw new ThriftCutOff();
    // In a list, unlike in a field, a truth value is a byte.
    for (let index = 0; index < size; index++) this.#element(type <= 2 ? 3 : type, depth + 1);
  }

  #byte(): number {
    const byte = this.bytes[this.offset++];
    if (byte === undefined) throw new ThriftCutOff();
    return byte;
  }

  #skip(count: number): void {
    this.offset += count;
    if (this.offset > this.bytes.length) throw new ThriftCutOff();
  }

  #varint(): void {
    for (let index = 0; index < 10; index++) if (this.#byte() < 0x80) return;
    throw new Error("it has a number without end");
  }

  /** A length in bytes or elements, which has to fit into 31 bits. */
  #length(): number {
    let value = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80 && value < 2 ** 31) return value;
    }
    throw new Error("it has a length that is impossible");
  }
}
