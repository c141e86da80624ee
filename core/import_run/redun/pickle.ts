/** A value of Python that means the same as JSON; bytes come as text. */
export type PickledValue =
  | string
  | number
  | boolean
  | null
  | PickledValue[]
  | { [name: string]: PickledValue };

/** Marks where the items of a container begin on the stack. */
const mark = Symbol("mark");

/** More operations than that are no parameters that a person gave. */
const operationsMax = 100_000;

/** Signs of a value; a longer one is no parameter that a person gave. */
const resultMax = 64 * 1024;

/**
 * The value in a pickle of Python, if it is made of texts, numbers, lists and dicts alone;
 * undefined for any other. Nothing is run: what would name a class or call it ends the reading. The
 * operations are those of CPython's `pickletools`, protocols 2 to 5.
 */
export function plainPickle(bytes: Uint8Array): PickledValue | undefined {
  try {
    const value = new Unpickler(bytes).read();
    // An object that is in many places would be written out in each of them.
    return isShort(value) ? value : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a value, written out, is shorter than `resultMax`: it counts, and stops there. */
function isShort(value: PickledValue): boolean {
  let left = resultMax;
  const count = (one: PickledValue, depth: number): void => {
    left -= typeof one === "string" ? one.length + 2 : 4;
    if (left < 0 || depth > 50) throw new RangeError("too long");
    if (typeof one !== "object" || one === null) return;
    const entries = Array.isArray(one)
      ? one.map((item) => ["", item] as const)
      : Object.entries(one);
    for (const [name, item] of entries) {
      left -= name.length;
      count(item, depth + 1);
    }
  };
  count(value, 0);
  return true;
}

class Unpickler {
  readonly #view: DataView;
  readonly #stack: (PickledValue | typeof mark)[] = [];
  readonly #memo = new Map<number, PickledValue>();
  #position = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PickledValue {
    for (let count = 0; count < operationsMax; count++) {
      const code = String.fromCharCode(this.#byte());
      if (code === ".") return this.#pop();
      this.#do(code);
    }
    throw unknown();
  }

  #do(code: string): void {
    const stack = this.#stack;
    switch (code) {
      case "\x80": // PROTO
        return void this.#byte();
      case "\x95": // FRAME
        return void this.#take(8);
      case "N":
        return void stack.push(null);
      case "\x88":
        return void stack.push(true);
      case "\x89":
        return void stack.push(false);
      case "K":
        return void stack.push(this.#byte());
      case "M":
        return void stack.push(this.#number(2, () => this.#view.getUint16(this.#position, true)));
      case "J":
        return void stack.push(this.#number(4, () => this.#view.getInt32(this.#position, true)));
      case "G":
        return void stack.push(this.#number(8, () => this.#view.getFloat64(this.#position)));
      case "\x8a": // LONG1
        return void stack.push(longOf(this.#take(this.#byte())));
      case "\x8c": // SHORT_BINUNICODE
      case "C": // SHORT_BINBYTES
        return void stack.push(textOf(this.#take(this.#byte())));
      case "X": // BINUNICODE
      case "B": // BINBYTES
        return void stack.push(textOf(this.#take(this.#length())));
      case "]":
        return void stack.push([]);
      case "}":
        return void stack.push({});
      case ")":
        return void stack.push([]);
      case "(":
        return void stack.push(mark);
      default:
        return this.#put(code);
    }
  }

  /** Operations that put values together or keep them for later. */
  #put(code: string): void {
    const stack = this.#stack;
    switch (code) {
      case "a":
        return this.#append([this.#pop()]);
      case "e":
        return this.#append(this.#toMark());
      case "s": {
        const value = this.#pop();
        return this.#set([this.#pop(), value]);
      }
      case "u":
        return this.#set(this.#toMark());
      case "t":
        return void stack.push(this.#toMark());
      case "\x85":
      case "\x86":
      case "\x87": { // TUPLE1 to TUPLE3
        const items = Array.from({ length: code.charCodeAt(0) - 0x84 }, () => this.#pop());
        return void stack.push(items.reverse());
      }
      case "q":
        return void this.#memo.set(this.#byte(), this.#top());
      case "r":
        return void this.#memo.set(this.#length(), this.#top());
      case "\x94": // MEMOIZE
        return void this.#memo.set(this.#memo.size, this.#top());
      case "h":
        return void stack.push(this.#kept(this.#byte()));
      case "j":
        return void stack.push(this.#kept(this.#length()));
      default:
        throw unknown();
    }
  }

  #append(items: readonly PickledValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw unknown();
    for (const item of items) list.push(item);
  }

  #set(items: readonly PickledValue[]): void {
    const dict = this.#top();
    if (typeof dict !== "object" || dict === null || Array.isArray(dict)) throw unknown();
    for (let index = 0; index + 1 < items.length; index += 2) {
      const name = items[index]!;
      if (typeof name === "object") throw unknown();
      Object.defineProperty(dict, String(name), {
        value: items[index + 1],
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
  }

  #toMark(): PickledValue[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw unknown();
    const [, ...items] = this.#stack.splice(start);
    return items as PickledValue[];
  }

  #kept(index: number): PickledValue {
    if (!this.#memo.has(index)) throw unknown();
    return this.#memo.get(index)!;
  }

  #top(): PickledValue {
    const value = this.#pop();
    this.#stack.push(value);
    return value;
  }

  #pop(): PickledValue {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw unknown();
    return value;
  }

  #byte(): number {
    return this.#take(1)[0]!;
  }

  #length(): number {
    return this.#number(4, () => this.#view.getUint32(this.#position, true));
  }

  #number(size: number, read: () => number): number {
    const value = read();
    this.#position += size;
    return value;
  }

  #take(count: number): Uint8Array {
    const end = this.#position + count;
    if (end > this.bytes.length) throw unknown();
    const taken = this.bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

function unknown(): RangeError {
  return new RangeError("no plain value");
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A whole number of any length, little endian in two's complement. */
function longOf(bytes: Uint8Array): PickledValue {
  let value = 0n;
  bytes.forEach((byte, index) => value |= BigInt(byte) << BigInt(8 * index));
  const isNegative = bytes.length > 0 && (bytes.at(-1)! & 0x80) !== 0;
  const whole = isNegative ? value - (1n << BigInt(8 * bytes.length)) : value;
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole.toString();
}
