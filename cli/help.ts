import { LaminError } from "../store/errors.ts";
import { nearest } from "../core/text/nearest.ts";
import type { Context } from "./context.ts";
import { exitCode, exitCodeMeanings } from "./exit.ts";
import { findVerb, type VerbEntry, verbs } from "./verbs.ts";

const groupTitles: Readonly<Record<VerbEntry["group"], string>> = {
  start: "Start",
  work: "Work with files",
  history: "Look at what is there",
  care: "Take care of it",
  settings: "Settings",
};

/** Prints the list of verbs, or the help of one. */
export async function printHelp(context: Context, word: string | undefined): Promise<number> {
  if (word !== undefined && !word.startsWith("-")) {
    const found = findVerb(word);
    if (found === undefined) return context.fail(unknownVerb(word));
    const { default: verb } = await found.entry.load();
    return await verb.invoke(context, found.name, ["--help"]);
  }
  const { bold, dim } = context.output.paint;
  const lines = [
    `${bold("lamin")}: git for biological data`,
    "",
    "lamin [-C PATH] VERB …",
    "",
    "The instance is the one of the folder that you are in; -C names another one, by a path in it or",
    "its slug. Paths of files stay relative to your folder.",
  ];
  for (const [group, title] of Object.entries(groupTitles)) {
    lines.push("", bold(title));
    for (const [name, entry] of Object.entries(verbs)) {
      if (entry.group !== group || entry.hidden) continue;
      const aliases = entry.aliases?.length ? dim(` (also ${entry.aliases.join(", ")})`) : "";
      lines.push(`  ${name.padEnd(12)}${entry.summary}${aliases}`);
    }
  }
  lines.push("", bold("Exit codes"));
  for (const [code, meaning] of Object.entries(exitCodeMeanings)) {
    lines.push(`  ${code.padStart(2)}  ${meaning}`);
  }
  lines.push("", "lamin VERB --help shows what a verb takes, with examples.");
  context.output.text(lines.join("\n"));
  return exitCode.ok;
}

/** The failure for a word that is no verb, with the nearest ones. */
export function unknownVerb(word: string): LaminError {
  const names = Object.entries(verbs)
    .filter(([, entry]) => !entry.hidden)
    .flatMap(([name, entry]) => [name, ...entry.aliases ?? []]);
  const near = nearest(word, names);
  return new LaminError("usage", `there is no verb '${word}'`, {
    hint: near.length > 0
      ? `did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`
      : "lamin --help lists the verbs",
    data: { verb: word },
  });
}
