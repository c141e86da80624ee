import {
  buildCommand,
  type Command,
  type CommandContext,
  type TypedPositionalParameter,
} from "@stricli/core";
import { LaminError } from "../store/errors.ts";
import { commonAliases, type CommonFlags, commonFlags } from "./common_flags.ts";
import { documentedCodes, exitCodeMeanings } from "./exit.ts";
import { camelCase, kebabCase, renamed } from "./flag_name.ts";
import type { VerbDefinition } from "./verb.ts";

/** What the parser of command lines needs of a verb; `work` gets what was parsed. */
export function commandOf<F extends object>(
  definition: VerbDefinition<F>,
  work: (flags: F & CommonFlags, args: readonly string[]) => Promise<void>,
): Command<CommandContext> {
  const spec = definition.arguments;
  const parameter: TypedPositionalParameter<string> = {
    brief: spec?.brief ?? "",
    placeholder: spec?.placeholder ?? "",
    parse: spec?.completes === undefined || spec.completes === "setting" ? String : named,
  };
  const aliases = Object.entries({ ...commonAliases, ...definition.aliases });
  // The flags of a verb are known only to the verb: the types of Stricli are met by construction.
  // It gets the names as they are typed, so that it suggests them so.
  // deno-lint-ignore no-explicit-any
  const parameters: any = {
    flags: renamed<unknown>({ ...commonFlags, ...definition.flags }, kebabCase),
    aliases: Object.fromEntries(aliases.map(([letter, name]) => [letter, kebabCase(name!)])),
    positional: spec === undefined ? { kind: "tuple", parameters: [] } : {
      kind: "array",
      parameter,
      minimum: spec.minimum ?? 0,
      ...(spec.maximum === undefined ? {} : { maximum: spec.maximum }),
    },
  };
  return buildCommand({
    parameters,
    docs: { brief: definition.description.split("\n")[0]!, fullDescription: fullHelp(definition) },
    func: async (flags: Record<string, unknown>, ...args: string[]) => {
      await work(renamed(flags, camelCase) as F & CommonFlags, args);
    },
  }) as Command<CommandContext>;
}

/** An unset variable of a shell would else name the folder that one is in, and so everything. */
function named(argument: string): string {
  if (argument !== "") return argument;
  throw new LaminError("usage", "an argument is empty; is a variable of your shell not set?");
}

/** Description, examples and exit codes, the body of a verb's `--help`. */
function fullHelp<F extends object>(definition: VerbDefinition<F>): string {
  const examples = definition.examples.map(([line, effect]) => `  ${line}\n      ${effect}`);
  const meanings = documentedCodes(definition.exitCodes).map((code) =>
    `  ${String(code).padStart(2)}  ${exitCodeMeanings[code]}`
  );
  return [
    definition.description,
    ["Examples:", ...examples].join("\n"),
    ["Exit codes:", ...meanings].join("\n"),
  ].join("\n\n");
}
