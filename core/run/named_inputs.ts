import { resolve } from "../../store/path.ts";
import { isFolderSuffix } from "../identity/suffix.ts";
import type { Instance } from "../instance/instance.ts";
import { presentAt } from "../work_tree/present.ts";
import { recordedAt, type RunInput } from "./inputs.ts";
import { markOf } from "./written_files.ts";

/** More words than this are looked up by nobody who waits. */
const wordsMax = 1000;

interface Named {
  readonly path: string;
  /** How it was before the command ran. */
  readonly mark: string | undefined;
  readonly inputs: readonly RunInput[];
  readonly unrecorded: readonly string[];
}

/** What a command names and did not write, so that it may have read it. */
export interface NamedInputs {
  readonly inputs: readonly RunInput[];
  /** Files that are not recorded as they are. */
  readonly unrecorded: readonly string[];
}

/**
 * Finds the files that the words of a command name, before it runs; what is given says afterwards
 * which of them it left as they were. `code` is the file whose code it runs, which is no input.
 */
export async function namedInputs(
  instance: Instance,
  command: readonly string[],
  code: string | undefined,
  branchId: number,
): Promise<() => NamedInputs> {
  const { host } = instance;
  const named: Named[] = [];
  for (const path of pathsIn(instance, command)) {
    if (path === code) continue;
    const mark = markOf(host, path);
    named.push({ path, mark, ...await recordedAt(instance, path, branchId) });
  }
  return () => {
    const left = named.filter(({ path, mark }) => markOf(host, path) === mark);
    const inputs = new Map(left.flatMap((one) => one.inputs.map((input) => [input.id, input])));
    return { inputs: [...inputs.values()], unrecorded: left.flatMap((one) => one.unrecorded) };
  };
}

/** Absolute paths of the files, and folders that are one artifact, that words name. */
function pathsIn({ host }: Instance, [, ...words]: readonly string[]): Set<string> {
  const candidates = new Set(words.slice(0, wordsMax).flatMap(partsOf));
  const paths = new Set<string>();
  for (const candidate of [...candidates].slice(0, wordsMax)) {
    const path = resolve(host.workingDirectory(), candidate);
    const stat = presentAt(host, path, "follow");
    const isWhole = stat?.kind === "directory" && isFolderSuffix(path);
    if (stat?.kind === "file" || isWhole) paths.add(host.files.realPath(path));
  }
  return paths;
}

/** A word as it stands, and what a line of a shell or an option such as `--in=a,b` has in it. */
function partsOf(word: string): string[] {
  const parts = word.split(/[\s'"<>|;&()`=,]+/).filter((part) => part !== "");
  return [word, ...parts];
}
