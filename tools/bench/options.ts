import { type ScaleName, scaleNames } from "./scale.ts";

/** What the words of the command line ask for. */
export interface Options {
  /** Measure the well-known neighbours too, not only what every computer has. */
  readonly peers: boolean;
  readonly installPeers: boolean;
  /** Run lamin from its sources when there is no executable. */
  readonly sources: boolean;
  readonly list: boolean;
  readonly json: string | undefined;
  /** Names of scenes or of courses; empty for all. */
  readonly only: readonly string[];
  /** How often each scene is measured; undefined leaves it to the course. */
  readonly rounds: number | undefined;
  readonly scale: ScaleName;
  /** Folder to work in whose generated data is kept; undefined for a temporary one. */
  readonly work: string | undefined;
}

export const usage = `usage: deno task bench [options]

Measures the executable (dist/lamin, or the one that LAMIN names) beside git, openssl, cp and SQLite
on the same work, in turns, and compares with what it must reach.

  --peers           git-annex, git-lfs, DVC, Oxen, restic, borg, datalad and LaminDB too
  --install-peers   install them first, into a folder of their own in the user's cache
  --only SCENE…     these scenes or courses only, such as large/add or files
  --scale NAME      small (a minute), normal, or large (all sizes; the default is normal)
  --rounds N        measurements of each scene
  --work DIR        work here and keep the generated data for the next time
  --json FILE       write all figures and what the machine is
  --sources         run lamin from its sources when there is no executable
  --list            name the scenes and end

Ends with 1 when a measurement failed or, unless the scale is small, a limit was missed.`;

/** A word of the command line that is off. */
export class UsageError extends Error {}

/** Reads the words of the command line. @throws UsageError naming the word. */
export function parseOptions(words: readonly string[]): Options {
  const rest = words.flatMap((word) =>
    /^--[a-z-]+=/.test(word)
      ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]
      : [word]
  );
  const toggles = new Set<string>();
  const values = new Map<string, string>();
  const only: string[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (["--peers", "--install-peers", "--sources", "--list"].includes(word)) toggles.add(word);
    else if (["--json", "--rounds", "--scale", "--work"].includes(word)) {
      values.set(word, valueOf(word, rest.shift()));
    } else if (word === "--only") {
      only.push(valueOf(word, rest.shift()));
      while (rest[0] !== undefined && !rest[0].startsWith("-")) only.push(rest.shift()!);
    } else throw new UsageError(`'${word}' is not known`);
  }
  return {
    peers: toggles.has("--peers") || toggles.has("--install-peers"),
    installPeers: toggles.has("--install-peers"),
    sources: toggles.has("--sources"),
    list: toggles.has("--list"),
    json: values.get("--json"),
    only: only.flatMap((names) => names.split(",")),
    rounds: countOf(values.get("--rounds")),
    scale: scaleOf(values.get("--scale") ?? "normal"),
    work: values.get("--work"),
  };
}

function valueOf(flag: string, value: string | undefined): string {
  if (value === undefined || value.startsWith("--")) throw new UsageError(`${flag} needs a value`);
  return value;
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`--rounds takes a number from 1, not '${text}'`);
}

function scaleOf(text: string): ScaleName {
  const found = scaleNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`--scale is one of ${scaleNames.join(", ")}, not '${text}'`);
}
