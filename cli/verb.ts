import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  type FlagParametersForType,
  run,
  text_en,
  type TypedPositionalParameter,
} from "@stricli/core";
import type { Context } from "./context.ts";
import { exitCode, exitCodeMeanings } from "./exit.ts";
import { stripUndefined } from "./flags.ts";

/** Options that every verb takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly format?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** One verb: what `--help` says, what it takes and what it does. */
export interface VerbDefinition<F extends object> {
  /** More than the one line of cli/verbs.ts: full sentences. */
  readonly description: string;
  /** Command lines that run as they stand, each with what it does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** Exit codes besides 0, 1 and 2. */
  readonly exitCodes?: readonly number[];
  readonly flags?: FlagParametersForType<F, CommandContext>;
  readonly aliases?: Readonly<Partial<Record<string, keyof F & string>>>;
  /** The arguments, if it takes any: what each is, and how many. */
  readonly arguments?: ArgumentsDefinition;
  /** Does it; the result is the exit code, 0 when nothing is returned. */
  run(context: Context, flags: F & CommonFlags, args: readonly string[]): Promise<number | void>;
}

export interface ArgumentsDefinition {
  readonly brief: string;
  readonly placeholder: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** What the argument names, for shell completion. */
  readonly completes?:
    | "reference"
    | "path"
    | "registry"
    | "branch"
    | "instance"
    | "setting"
    | "verb"
    | "shell"
    | "none";
}

/** A verb as the table of verbs loads it. */
export interface Verb {
  readonly definition: VerbDefinition<object>;
  /** Parses the words after the verb's name and runs it; returns the exit code. */
  invoke(context: Context, name: string, words: readonly string[]): Promise<number>;
}

/** The flags of every verb. */
export const commonFlags: FlagParametersForType<CommonFlags, CommandContext> = {
  json: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Print JSON: one object, or one a line for lists",
  },
  format: {
    kind: "parsed",
    parse: String,
    optional: true,
    placeholder: "template",
    brief: "Print each result by a template such as '{uid}\\t{key}'",
  },
  quiet: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "No notes and no progress",
  },
  verbose: { kind: "boolean", optional: true, withNegated: false, brief: "Say more" },
};

/** Their short forms. */
export const commonAliases = { q: "quiet", v: "verbose" } as const;

/** Makes a verb of its definition. */
export function verb<F extends object = Record<never, never>>(
  definition: VerbDefinition<F>,
): Verb {
  return {
    definition: definition as unknown as VerbDefinition<object>,
    invoke: (context, name, words) => invoke(definition, context, name, words),
  };
}

async function invoke<F extends object>(
  definition: VerbDefinition<F>,
  context: Context,
  name: string,
  words: readonly string[],
): Promise<number> {
  let code: number = exitCode.ok;
  const command = commandOf(definition, async (flags, args) => {
    code = await context.guard(
      flags,
      async () => await definition.run(context, stripUndefined(flags), args) ?? exitCode.ok,
    );
  });
  const application = buildApplication(
    buildRouteMap({ routes: { [name]: command }, docs: { brief: "lamin" } }),
    {
      name: "lamin",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: { caseStyle: "convert-camel-to-kebab", disableAnsiColor: !context.color },
      localization: { text: { ...text_en, ...usageErrors(name) } },
    },
  );
  const process = context.stricliProcess();
  await run(application, [name, ...words], { process });
  // Stricli reports a command line that it cannot parse by a negative code.
  return typeof process.exitCode === "number" && process.exitCode !== 0 ? exitCode.usage : code;
}

function usageErrors(name: string) {
  return {
    exceptionWhileParsingArguments: (error: unknown) =>
      `lamin ${name}: ${error instanceof Error ? error.message : String(error)}\n` +
      `see: lamin ${name} --help`,
  };
}

function commandOf<F extends object>(
  definition: VerbDefinition<F>,
  work: (flags: F & CommonFlags, args: readonly string[]) => Promise<void>,
): Command<CommandContext> {
  const spec = definition.arguments;
  const parameter: TypedPositionalParameter<string> = {
    brief: spec?.brief ?? "",
    placeholder: spec?.placeholder ?? "",
    parse: String,
  };
  // The flags of a verb are known only to the verb: the types of Stricli are met by construction.
  // deno-lint-ignore no-explicit-any
  const parameters: any = {
    flags: { ...commonFlags, ...definition.flags },
    aliases: { ...commonAliases, ...definition.aliases },
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
    func: async function (this: CommandContext, flags: F & CommonFlags, ...args: string[]) {
      await work(flags, args);
    },
  }) as Command<CommandContext>;
}

/** Description, examples and exit codes, the body of a verb's `--help`. */
function fullHelp<F extends object>(definition: VerbDefinition<F>): string {
  const examples = definition.examples.map(([line, effect]) => `  ${line}\n      ${effect}`);
  const codes = [exitCode.ok, exitCode.failed, exitCode.usage, ...(definition.exitCodes ?? [])];
  const meanings = codes.map((code) => `  ${String(code).padStart(2)}  ${exitCodeMeanings[code]}`);
  return [
    definition.description,
    ["Examples:", ...examples].join("\n"),
    ["Exit codes:", ...meanings].join("\n"),
  ].join("\n\n");
}
