import { LaminError } from "../../errors.ts";

/** A key as it stands in a path: all that a server or a proxy could read differently is escaped. */
export function encodeKey(key: string): string {
  if (!key.isWellFormed()) {
    throw new LaminError("denied", `${JSON.stringify(key)} is no text that a server knows`, {
      data: { key },
    });
  }
  return encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
