import { LaminError } from "../../../../store/errors.ts";
import { listIn, textIn, wholeIn } from "../json.ts";

/** How many rows can be asked for at once. */
export const idsMax = 5000;

export function idsIn(value: unknown): readonly number[] {
  return listIn(value, idsMax).map(wholeIn);
}

export function uidsIn(value: unknown): readonly string[] {
  return listIn(value, idsMax).map(uidIn);
}

/** Throws code "usage" for what is no uid. */
export function uidIn(value: unknown): string {
  const uid = textIn(value, 64);
  if (/^[A-Za-z0-9]+$/.test(uid)) return uid;
  throw new LaminError("usage", "what should be a uid is none");
}
