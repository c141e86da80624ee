import type { SqlValue } from "../../../store/database/database.ts";
import { notSpoken } from "./frame.ts";
import { isObject, type Json } from "./json.ts";

/** A value of a row as JSON. What no column of ours can have goes as the text that it prints as. */
export function encodeValue(value: SqlValue): Json {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return { odd: String(value) };
}

/** Throws code "failed" for what is no value. */
export function decodeValue(value: Json | undefined): SqlValue {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (isObject(value) && typeof value["odd"] === "string") return new Odd(value["odd"]);
  throw notSpoken();
}

/**
 * A value that no column can have: it prints as it does at its source, so that it has the same
 * digest, and is refused by whoever is to write it.
 */
class Odd extends Uint8Array {
  constructor(private readonly text: string) {
    super();
  }

  override toString(): string {
    return this.text;
  }
}
