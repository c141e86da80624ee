import { LaminError } from "../../store/errors.ts";
import type { PythonValue } from "./value.ts";

/**
 * Deeper nesting than this is refused, by Python for want of stack and here before there is any.
 */
const depthMax = 1000;
/** Python converts no longer ints either: the time grows with the square of the digits. */
const intDigitsMax = 4300;

const whitespace = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// deno-lint-ignore no-control-regex -- strict JSON has no raw control characters
const stringPart = /[^"\\\x00-\x1f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const words: ReadonlyArray<readonly [string, PythonValue]> = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

const shortEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads JSON as Python's `json.loads` does: ints apart from floats, `NaN` and `Infinity` allowed,
 * of twin keys the last value at the first place, lone surrogates kept.
 *
 * @throws LaminError "damaged" where the text is not such JSON, is nested deeper than 1000 or has
 * an int of more than 4300 digits.
 */
export function parseJson(text: string): PythonValue {
  return new Parser(text).document();
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): PythonValue {
    const value = this.value();
    if (this.position !== this.text.length) throw this.refuse("there is more text after the value");
    return value;
  }

  /** One value with the white space around it. */
  private value(): PythonValue {
    this.match(whitespace);
    const first = this.text[this.position];
    const value = first === '"'
      ? this.string()
      : first === "["
      ? this.nested(() => this.array())
      : first === "{"
      ? this.nested(() => this.dict())
      : this.scalar();
    this.match(whitespace);
    return value;
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > depthMax) throw this.refuse(`it is nested deeper than ${depthMax}`);
    this.position++;
    const value = read();
    this.depth--;
    return value;
  }

  private array(): PythonValue {
    const members: PythonValue[] = [];
    this.match(whitespace);
    if (this.take("]")) return members;
    do members.push(this.value()); while (this.take(","));
    if (!this.take("]")) throw this.refuse("a list lacks a comma or its end");
    return members;
  }

  private dict(): PythonValue {
    const members = new Map<string, PythonValue>();
    this.match(whitespace);
    if (this.take("}")) return members;
    do {
      this.match(whitespace);
      if (this.text[this.position] !== '"') throw this.refuse("a key is not a string");
      const key = this.string();
      this.match(whitespace);
      if (!this.take(":")) throw this.refuse("a key lacks its colon");
      members.set(key, this.value());
    } while (this.take(","));
    if (!this.take("}")) throw this.refuse("an object lacks a comma or its end");
    return members;
  }

  private string(): string {
    this.position++;
    let text = this.match(stringPart)![0];
    while (!this.take('"')) {
      const found = this.match(escape);
      if (found === null) throw this.refuse("a string lacks its end or has a wrong escape");
      const code = found[0].slice(1);
      text += code[0] === "u"
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : shortEscapes[code] ?? code;
      text += this.match(stringPart)![0];
    }
    return text;
  }

  private scalar(): PythonValue {
    for (const [word, value] of words) {
      if (this.take(word)) return value;
    }
    const found = this.match(number);
    if (found === null) throw this.refuse("a value is missing");
    const [digits, fraction, exponent] = found;
    if (fraction !== undefined || exponent !== undefined) return Number(digits);
    if (digits.replace("-", "").length > intDigitsMax) {
      throw this.refuse(`an int has more than ${intDigitsMax} digits`);
    }
    return BigInt(digits);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found !== null) this.position = pattern.lastIndex;
    return found;
  }

  private take(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  private refuse(why: string): LaminError {
    return new LaminError(
      "damaged",
      `This is not valid JSON: ${why} at character ${this.position}.`,
      { data: { position: this.position } },
    );
  }
}
