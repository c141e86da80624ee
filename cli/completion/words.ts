import { commonAliases, commonFlags } from "../common_flags.ts";
import { kebabCase } from "../flag_name.ts";
import type { VerbDefinition } from "../verb.ts";
import { type VerbEntry, verbs } from "../verbs.ts";

/** What can stand in a place of a command line. */
export type Completes =
  | NonNullable<NonNullable<VerbDefinition<object>["arguments"]>["completes"]>
  | "folder";

/** A flag as shells must know it. */
export interface CompletedFlag {
  /** In kebab case, without dashes. */
  readonly name: string;
  readonly letters: readonly string[];
  readonly brief: string;
  /** Words that it takes, what they name, or undefined for a switch. */
  readonly value: readonly string[] | Completes | undefined;
}

/** A verb as shells must know it. */
export interface CompletedVerb {
  /** Its name and its other names. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  readonly completes: Completes;
}

/** Loads all verbs and gives what they take. */
export async function completedVerbs(): Promise<CompletedVerb[]> {
  const shown = Object.entries(verbs).filter(([, entry]) => !entry.hidden);
  return await Promise.all(shown.map(([name, entry]) => completedVerb(name, entry)));
}

async function completedVerb(name: string, entry: VerbEntry): Promise<CompletedVerb> {
  const { definition } = (await entry.load()).default;
  const letters = Object.entries({ ...commonAliases, ...definition.aliases });
  const flags = Object.entries({ ...definition.flags, ...commonFlags }) as [string, Flag][];
  return {
    names: [name, ...entry.aliases ?? []],
    summary: entry.summary,
    completes: definition.arguments?.completes ?? "none",
    flags: [
      ...flags.map(([flag, parameter]) => ({
        name: kebabCase(flag),
        letters: letters.filter(([, long]) => long === flag).map(([letter]) => letter),
        brief: parameter.brief,
        value: valueOf(flag, parameter),
      })),
      { name: "help", letters: ["h"], brief: "Show what it takes", value: undefined },
    ],
  };
}

/** What completions look at in a flag of Stricli. */
interface Flag {
  readonly kind: string;
  readonly brief: string;
  readonly values?: readonly string[];
  readonly placeholder?: string;
}

/** What the placeholders of flags stand for. */
const placeholders: Readonly<Record<string, Completes>> = {
  reference: "reference",
  registry: "registry",
  branch: "branch",
  folder: "folder",
  path: "path",
  file: "path",
};

function valueOf(name: string, flag: Flag): CompletedFlag["value"] {
  if (flag.kind === "boolean" || flag.kind === "counter") return undefined;
  if (flag.kind === "enum") return flag.values ?? [];
  // The folder of a key prefix is one of keys, whatever the placeholder says.
  if (name === "keyPrefix") return "reference";
  if (name === "branch") return "branch";
  return placeholders[flag.placeholder ?? ""] ?? "none";
}

/** The shells that there are scripts for. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = typeof shells[number];

/** A flag in all its spellings. */
export function dashed({ name, letters }: CompletedFlag): string[] {
  return [`--${name}`, ...letters.map((letter) => `-${letter}`)];
}

/**
 * A kind as one word for the scripts of bash and zsh: its name, or after a colon the words that
 * there are.
 */
export function kindWord(kind: Completes | readonly string[]): string {
  if (kind === "shell") return `:${shells.join(" ")}`;
  return typeof kind === "string" ? kind : `:${kind.join(" ")}`;
}

/** A line of a `case` over `verb:flag` that sets the kind of its value; none for a switch. */
export function valueCase({ names }: CompletedVerb, flag: CompletedFlag): string[] {
  if (flag.value === undefined) return [];
  const patterns = names.flatMap((name) => dashed(flag).map((word) => `${name}:${word}`));
  return [`    ${patterns.join("|")}) kind=${quote(kindWord(flag.value))} ;;`];
}

/** A text as one word of bash and zsh. */
export function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
