import {
  buildApplication,
  buildRouteMap,
  type CommandContext,
  type FlagParametersForType,
  run,
  text_en,
} from "@stricli/core";
import { LaminError } from "../store/errors.ts";
import { commandOf } from "./command.ts";
import { commonAliases, type CommonFlags, commonFlags } from "./common_flags.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import { stripUndefined } from "./flags.ts";
import { commandApart, type Flags, valuedFlags } from "./command_apart.ts";
import { lettersWithValue, splitShortValues } from "./short_values.ts";

export type { CommonFlags };

/** One verb: what `--help` says, what it takes and what it does. */
export interface VerbDefinition<F extends object> {
  /** More than the one line of cli/verbs.ts: full sentences. */
  readonly description: string;
  /** Command lines that run as they stand, each with what it does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** Exit codes besides 0, 1, 2 and those of every instance that is opened (cli/exit.ts). */
  readonly exitCodes?: readonly number[];
  readonly flags?: FlagParametersForType<F, CommandContext>;
  readonly aliases?: Readonly<Partial<Record<string, keyof F & string>>>;
  /** Flags whose value may start with a dash, as `--order -size`. */
  readonly dashedValues?: readonly (keyof F & string)[];
  /**
   * The flag that chooses how the result is drawn, and its words, which `--format` takes as well;
   * one of them may be `json`, which then means the same as `--json`.
   */
  readonly drawnBy?: { readonly flag: keyof F & string; readonly words: readonly string[] };
  /** Whether its arguments are a command with options of its own. */
  readonly takesCommand?: true;
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
  const command = commandOf(definition, async (given, args) => {
    const flags = withDrawing(definition, given);
    code = await context.guard(
      flags,
      async () => await definition.run(context, stripUndefined(flags), args) ?? exitCode.ok,
    );
  });
  const application = buildApplication(
    buildRouteMap({ routes: { [name]: command }, docs: { brief: "lamin" } }),
    {
      name: "lamin",
      scanner: { caseStyle: "original", allowArgumentEscapeSequence: true },
      documentation: { caseStyle: "original", disableAnsiColor: !context.color },
      localization: { text: { ...text_en, ...usageErrors } },
    },
  );
  const parser = context.stricliProcess();
  const letters = lettersWithValue(
    { ...commonAliases, ...definition.aliases },
    { ...commonFlags, ...definition.flags } as Flags,
  );
  const valued = valuedFlags({ ...commonFlags, ...definition.flags } as Flags);
  const given = definition.takesCommand ? commandApart(words, letters, valued) : words;
  const inputs = splitShortValues(
    joinDashedValues(given, definition.dashedValues ?? []),
    letters,
  );
  await run(application, [name, ...inputs], { process: parser });
  if (parser.help.length > 0) context.help(parser.help.join(""));
  // Stricli reports a command line that it cannot parse by a negative code.
  if (parser.exitCode === null || parser.exitCode === 0) return code;
  return context.fail(
    new LaminError("usage", parser.errors.join("").trim(), {
      hint: `see: lamin ${name} --help`,
      data: { verb: name },
    }),
  );
}

/** A word such as `mermaid` after `--format` means a drawing, not a template. */
function withDrawing<F extends object>(
  { drawnBy }: VerbDefinition<F>,
  flags: F & CommonFlags,
): F & CommonFlags {
  if (drawnBy === undefined) return flags;
  const { format, ...others } = flags;
  const isWord = format !== undefined && drawnBy.words.includes(format);
  const drawing = isWord ? format : flags[drawnBy.flag];
  const rest = (isWord ? { ...others, [drawnBy.flag]: format } : flags) as F & CommonFlags;
  return drawing === "json" ? { ...rest, json: true } : rest;
}

/** `--order -size` as `--order=-size`, since the parser takes `-size` for flags. */
function joinDashedValues(words: readonly string[], flags: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1) ?? "";
    const isValue = /^-[^-]/.test(word) && flags.some((flag) => last === `--${flag}`);
    if (isValue) joined[joined.length - 1] = `${last}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** The bare message, which {@link Context.fail} prints as any other. */
const usageErrors = {
  exceptionWhileParsingArguments: (error: unknown) => {
    const { exception } = error as { exception?: unknown };
    if (exception instanceof LaminError) return exception.message;
    return error instanceof Error ? error.message : String(error);
  },
};
