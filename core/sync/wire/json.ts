import { notSpoken } from "./frame.ts";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** How deep lists and objects may lie in each other: nothing of ours comes near. */
const depthMax = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** Reads JSON that a stranger sent. Throws code "failed". */
export function decodeJson(bytes: Uint8Array): Json {
  return parseJsonLine(decodeText(bytes));
}

/** The lines of JSON in a frame. Throws code "failed". */
export function* jsonLines(bytes: Uint8Array): Generator<Json> {
  for (const line of decodeText(bytes).split("\n")) if (line !== "") yield parseJsonLine(line);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw notSpoken();
  }
}

function parseJsonLine(text: string): Json {
  if (isTooDeep(text)) throw notSpoken();
  try {
    return JSON.parse(text);
  } catch {
    throw notSpoken();
  }
}

/** Whether lists and objects of a JSON text lie deeper in each other than `max`. */
export function isTooDeep(text: string, max = depthMax): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quotationMark) at = endOfText(text, at);
    else if (unit === openBracket || unit === openBrace) {
      if (++depth > max) return true;
    } else if (unit === closeBracket || unit === closeBrace) depth--;
  }
  return false;
}

const [quotationMark, openBracket, closeBracket, openBrace, closeBrace] = [34, 91, 93, 123, 125];

/** Where the text ends that begins at a quotation mark. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text[before] === "\\") before--;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text of up to `max` characters. Throws code "failed" for anything else. */
export function textIn(value: unknown, max = 4096): string {
  if (typeof value === "string" && value.length <= max) return value;
  throw notSpoken();
}

/** A whole number from 0 on. */
export function countIn(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw notSpoken();
}

/** A whole number. */
export function wholeIn(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw notSpoken();
}

/** What a row is told apart by: its uid, or a hash. */
export function identityIn(value: unknown): string {
  const text = textIn(value, 300);
  // deno-lint-ignore no-control-regex
  if (text !== "" && !/[\x00-\x1f\x7f]/.test(text)) return text;
  throw notSpoken();
}

export function listIn(value: unknown, max = Infinity): readonly Json[] {
  if (Array.isArray(value) && value.length <= max) return value;
  throw notSpoken();
}

export function objectIn(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw notSpoken();
}

/** As any of the readers above, or null. */
export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}
