import { isSensitiveName } from "./secret_names.ts";
import { redacted, withoutKnownSecrets } from "./secret_shapes.ts";

/** Bytes of a line that are waited for at most; longer ones are looked at in overlapping pieces. */
const pendingMax = 256 * 1024;
/** Bytes that stay back of such a piece, so that no secret is cut in two: longer than any. */
const overlap = 8 * 1024;

/**
 * Takes secrets out of what a command prints, as it passes: all that is known by its looks, what
 * follows the name of a secret, and `literals`, which are secrets of this run such as values of
 * the environment. Bytes are kept as they are otherwise, also where they are no UTF-8.
 */
export class LogRedactor {
  readonly #literals: readonly string[];
  #pending = "";

  constructor(literals: readonly string[] = []) {
    this.#literals = literals
      .filter((literal) => literal.length >= literalLengthMin)
      .map((literal) => text(new TextEncoder().encode(literal)))
      .sort((a, b) => b.length - a.length);
  }

  /** Takes what came; gives what can be passed on, up to the last whole line. */
  feed(bytes: Uint8Array): Uint8Array {
    this.#pending += text(bytes);
    const end = Math.max(this.#pending.lastIndexOf("\n"), this.#pending.lastIndexOf("\r")) + 1;
    const keyStart = this.#pending.lastIndexOf("-----BEGIN ", end);
    const isInKey = keyStart !== -1 && !this.#pending.slice(keyStart, end).includes("-----END ");
    let ready = isInKey ? keyStart : end;
    if (this.#pending.length - ready > pendingMax) ready = this.#pending.length - overlap;
    const passed = this.#redact(this.#pending.slice(0, ready));
    this.#pending = this.#pending.slice(ready);
    return bytesOf(passed);
  }

  /** What is left at the end. */
  end(): Uint8Array {
    const rest = this.#redact(this.#pending);
    this.#pending = "";
    return bytesOf(rest);
  }

  #redact(log: string): string {
    if (log === "") return log;
    let result = log;
    for (const literal of this.#literals) result = result.replaceAll(literal, redacted);
    return withoutKnownSecrets(result).replace(
      assignment,
      (all, name, sign, value) =>
        isSensitiveName(name) && !/^(Bearer|Basic|Token)$/.test(value)
          ? name + sign + redacted
          : all,
    );
  }
}

/** Shorter values of the environment are words that occur anywhere. */
const literalLengthMin = 6;

/** A name and the value that is printed with it. */
const assignment =
  /(?<![\w.-])([A-Za-z_][\w.-]{0,100})(["']?[ \t]{0,3}[:=][ \t]{0,3}["']?)([^\s"',;&()[\]{}]{6,})/g;

/** Signs that are made of bytes at a time: more arguments than that, engines may refuse. */
const signsAtOnce = 8192;

/** Bytes as one sign each, so that patterns can be looked for and nothing is lost. */
function text(bytes: Uint8Array): string {
  let signs = "";
  for (let start = 0; start < bytes.length; start += signsAtOnce) {
    signs += String.fromCharCode(...bytes.subarray(start, start + signsAtOnce));
  }
  return signs;
}

function bytesOf(signs: string): Uint8Array {
  const bytes = new Uint8Array(signs.length);
  for (let index = 0; index < signs.length; index++) bytes[index] = signs.charCodeAt(index);
  return bytes;
}
