import metadata from "../deno.json" with { type: "json" };
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";

/** Prints the program's version. */
export function printVersion(context: Context): number {
  context.output.text(metadata.version);
  return exitCode.ok;
}
