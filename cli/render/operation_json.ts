import type { LoggedOperation } from "../../core/operation/log.ts";
import type { Json, JsonObject } from "../output.ts";
import { jsonOf } from "./row_json.ts";
import { shellCommand } from "../../core/text/shell_word.ts";

/** An operation as `--json` prints it. */
export function operationJson(operation: LoggedOperation): JsonObject & { readonly uid: string } {
  const { uid, created_at, verb, summary, user, host } = operation;
  return {
    uid,
    created_at,
    verb,
    command: jsonOf(operation.command),
    summary,
    user,
    host,
    undoes: operation.undoes ?? null,
    undone_by: operation.undoneBy ?? null,
  };
}

/** The command line of an operation, as it could be typed again. */
export function commandLine(operation: { readonly command: string }): string {
  const words: Json = jsonOf(operation.command);
  return Array.isArray(words) ? shellCommand(["lamin", ...words.map(String)]) : "";
}
