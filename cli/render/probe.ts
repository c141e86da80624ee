import type { ProbedCall } from "../../store/objects/probe.ts";
import type { JsonObject, Output } from "../output.ts";

/** One call as `lamin storage probe --json` prints it. */
export function probedJson({ call, permission, result, message, hint }: ProbedCall): JsonObject {
  return {
    call,
    permission: permission ?? null,
    result,
    message: message ?? null,
    hint: hint ?? null,
  };
}

/** For people: a line for each call, and below one that fails what is wrong and what to do. */
export function renderProbe(
  root: string,
  calls: readonly ProbedCall[],
  { safe, paint }: Output,
): string {
  const width = Math.max(...calls.map(({ call }) => call.length));
  const signs = { works: paint.green("✓"), fails: paint.red("✗"), "not tried": paint.dim("-") };
  const lines = calls.flatMap(({ call, permission, result, message, hint }) => [
    `${signs[result]} ${call.padEnd(width)} ${paint.dim(permission ?? "")}`.trimEnd(),
    ...[message, hint].flatMap((text) => text === undefined ? [] : [`    ${safe(text)}`]),
  ]);
  return [paint.bold(safe(root)), ...lines].join("\n");
}
