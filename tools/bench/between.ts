import type { Place } from "./tool.ts";

/** Where the other instance or repository of a place lies. */
export function remoteOf({ store }: Place): string {
  return `${store}/remote`;
}

/** Where a clone is made. */
export function cloneOf({ store }: Place): string {
  return `${store}/clone`;
}
