import type { Host } from "../../store/host/host.ts";
import { hex } from "./hex.ts";

/**
 * The digits of LaminDB's base 62 in order of value, which is also their order in ASCII (COMPAT
 * §3.2).
 */
export const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const base = BigInt(base62Digits.length);

/** One marker `0` + digit can count this many leading zero bytes: the value of the last digit. */
const zerosPerMarker = base62Digits.length - 1;

/**
 * The bytes as base-62 text of no fixed width (COMPAT §3.2): first their leading zero bytes, told
 * by markers of `0` and the digit of their count, then the rest as one big-endian number. No bytes
 * give an empty text.
 */
export function base62(bytes: Uint8Array): string {
  const firstNonZero = bytes.findIndex((byte) => byte !== 0);
  const zeros = firstNonZero === -1 ? bytes.length : firstNonZero;
  const markers = zeroMarkers(zeros);
  return zeros === bytes.length ? markers : markers + base62Number(BigInt(`0x${hex(bytes)}`));
}

function zeroMarkers(zeros: number): string {
  const full = Math.floor(zeros / zerosPerMarker);
  const rest = zeros % zerosPerMarker;
  return `0${base62Digits[zerosPerMarker]}`.repeat(full) +
    (rest === 0 ? "" : `0${base62Digits[rest]}`);
}

function base62Number(number: bigint): string {
  let text = "";
  for (let rest = number; rest > 0n; rest /= base) text = base62Digits[Number(rest % base)] + text;
  return text;
}

/** True when the text has only base-62 digits and at least one. */
export function isBase62(text: string): boolean {
  return /^[0-9A-Za-z]+$/.test(text);
}

/** A text of `length` base-62 digits, each drawn evenly from the host's random source. */
export function randomBase62(host: Pick<Host, "randomBytes">, length: number): string {
  // Bytes from this one on would make the first digits likelier than the others.
  const limit = 256 - (256 % base62Digits.length);
  let text = "";
  while (text.length < length) {
    const bytes = host.randomBytes(length - text.length);
    for (let nth = 0; nth < bytes.length; nth++) {
      if (bytes[nth]! < limit) text += base62Digits[bytes[nth]! % base62Digits.length];
    }
  }
  return text;
}
