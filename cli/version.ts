import metadata from "../deno.json" with { type: "json" };
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";

export const programVersion: string = metadata.version;

/** Prints the program's version. */
export function printVersion(context: Context): number {
  context.output.text(programVersion);
  return exitCode.ok;
}
