import { LaminError } from "../../store/errors.ts";
import { isAbsolute, join } from "../../store/path.ts";
import { artifactSide, versionName } from "../compare/artifact_side.ts";
import { comparePair } from "../compare/compare_pair.ts";
import type { Side } from "../compare/side.ts";
import { WorkSides } from "../compare/work_side.ts";
import type { Summary } from "../format/change.ts";
import type { Format } from "../format/format.ts";
import { whyNotWritten } from "../identity/key.ts";
import type { Instance } from "../instance/instance.ts";
import { presentAt } from "../work_tree/present.ts";
import type { Placed } from "./recipe.ts";
import type { ScratchInstance } from "./scratch_instance.ts";

/** How an output that came again compares with the one that was recorded. */
export interface Verdict {
  readonly output: Placed;
  readonly verdict:
    | "same bytes"
    /** In other bytes, as where a time of writing is in a file. */
    | "same content"
    | "differs"
    | "not produced"
    /** What was recorded cannot be read any more. */
    | "unknown";
  /** Where the new one lies. */
  readonly path: string | undefined;
  /** What differs, in numbers. */
  readonly summary: Summary | undefined;
  /** Why it is not known. */
  readonly why?: string;
}

/**
 * Compares what lies in a folder, or what was recorded in the instance there, with the outputs
 * that were recorded.
 */
export async function verdictsOn(
  instance: Instance,
  formats: readonly Format[],
  outputs: readonly Placed[],
  work: string,
  own: ScratchInstance | undefined,
): Promise<Verdict[]> {
  const sides = new WorkSides(instance);
  const verdicts: Verdict[] = [];
  for (const output of outputs) {
    const why = isAbsolute(output.path) ? "it lay elsewhere" : whyNotWritten(output.path);
    const path = join(work, output.path);
    const recorded = await own?.outputLike(output.row);
    const isThere = why === null && presentAt(instance.host, path, "follow") !== null;
    if (recorded !== undefined) {
      const side = () => Promise.resolve(recorded);
      verdicts.push(await verdictOn(instance, formats, output, side, isThere ? path : undefined));
    } else if (isThere) {
      // deno-lint-ignore require-await -- throws become rejections
      const side = async () => sides.side(path);
      verdicts.push(await verdictOn(instance, formats, output, side, path));
    } else if (why === null) {
      verdicts.push({ output, verdict: "not produced", path: undefined, summary: undefined });
    } else {
      verdicts.push({ output, verdict: "unknown", path: undefined, summary: undefined, why });
    }
  }
  return verdicts;
}

async function verdictOn(
  instance: Instance,
  formats: readonly Format[],
  output: Placed,
  after: () => Promise<Side>,
  path: string | undefined,
): Promise<Verdict> {
  const pair = {
    names: { before: versionName(output.row), after: path ?? output.path },
    isRenamed: false,
    open: async () => ({
      before: await artifactSide(instance, output.row),
      after: await after(),
    }),
  };
  try {
    let summary: Summary | undefined;
    for await (const change of comparePair(formats, pair, { changesMax: 0, deep: false })) {
      if (change.kind === "summary") summary = change;
    }
    // Of folders all bytes are compared, of other formats what they mean.
    const isIdentical = summary?.identical === true || summary?.format === "folder";
    const verdict = !summary?.same ? "differs" : isIdentical ? "same bytes" : "same content";
    return { output, verdict, path, summary };
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
    return { output, verdict: "unknown", path, summary: undefined, why: error.message };
  }
}

/** Whether it is anything but the same. */
export function isOff({ verdict }: Verdict): boolean {
  return verdict !== "same bytes" && verdict !== "same content";
}
