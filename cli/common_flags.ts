import { text, toggle } from "./flags.ts";

/** Options that every verb takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly format?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** How they are read. */
export const commonFlags = {
  json: toggle("Print JSON: one object, or one a line for lists"),
  format: text("template", "Print each result by a template such as '{uid}\\t{key}'"),
  quiet: toggle("No notes and no progress"),
  verbose: toggle("Say more"),
};

/** Their short forms. */
export const commonAliases = { q: "quiet", v: "verbose" } as const;
