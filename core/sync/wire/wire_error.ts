import { type ErrorCode, LaminError } from "../../../store/errors.ts";
import { fileFailure } from "../../../store/host/file_failure.ts";
import { FileError } from "../../../store/host/host.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Codes that can come from the other side; anything else is "failed". */
const codes: ReadonlySet<string> = new Set<ErrorCode>([
  "failed",
  "usage",
  "not_found",
  "ambiguous",
  "conflict",
  "no_instance",
  "busy",
  "denied",
  "not_fetched",
  "damaged",
  "schema_unknown",
]);

const textMax = 1000;

/**
 * A failure as it is told to the other side: in one sentence, without what stands where on this
 * machine, and without anything that nobody thought of.
 */
export function tellError(error: unknown): JsonObject {
  const known = error instanceof FileError ? fileFailure(error) : error;
  if (!(known instanceof LaminError)) {
    return { code: "failed", message: "something went wrong at the other side" };
  }
  return {
    code: known.code,
    message: withoutPlaces(known.message),
    ...(known.hint === undefined ? {} : { hint: withoutPlaces(known.hint) }),
  };
}

/** Paths from the root of a file system, and addresses. */
const place = /(?<![\w.\-/])(?:[a-z][a-z0-9+.-]*:\/\/[^\s'",]*|\/[^\s'",/]+(?:\/[^\s'",]*)+)/gi;

function withoutPlaces(text: string): string {
  return text.replace(place, "(a place there)").slice(0, textMax);
}

/** The failure that the other side told; undefined for what tells none. */
export function toldError(value: Json | undefined): LaminError | undefined {
  if (!isObject(value) || typeof value["message"] !== "string") return undefined;
  const { code, message, hint } = value;
  return new LaminError(
    typeof code === "string" && codes.has(code) ? code as ErrorCode : "failed",
    String(message).slice(0, textMax),
    typeof hint === "string" ? { hint: hint.slice(0, textMax) } : {},
  );
}
