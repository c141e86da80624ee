/** The bytes as lower-case hexadecimal text, two digits each. */
export function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}
