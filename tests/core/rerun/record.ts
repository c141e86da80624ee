import { mutate } from "../../../core/operation/mutate.ts";
import { artifact } from "../../../core/registry/lamindb/artifact.ts";
import { insertRun, linkInputs, linkOutputs } from "../../../core/run/record_run.ts";
import { extraDataOf } from "../../../core/run/recorded_command.ts";
import { ensureTransform } from "../../../core/transform/ensure_transform.ts";
import type { Workspace } from "../../lamin.ts";
import { inProcess } from "../transform/ensure.ts";

/** A run as `lamin run` records it; data are named by keys, or `path as key` where they differ. */
export interface Recorded {
  readonly command: readonly string[];
  readonly script?: string;
  readonly key?: string;
  readonly folder?: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly redacted?: boolean;
  /** Leave out what only `lamin run` notes. */
  readonly asPython?: { readonly cliArgs?: string };
}

/** Records a run of what is there, without running it; gives its uid. */
export async function recordRun(workspace: Workspace, wanted: Recorded): Promise<string> {
  return await inProcess(workspace, async (instance) => {
    const { result } = await mutate(instance, { verb: "test", command: [] }, async (changes) => {
      const artifactsOf = async (words: readonly string[] = []) => {
        const found = [];
        for (const word of words) {
          const [path, key = path] = word.split(" as ") as [string, string?];
          const [row] = await changes.reader.select(artifact, "key = ? AND is_latest", [key!]);
          found.push({ id: row!.id, uid: row!.uid, path: path! });
        }
        return found;
      };
      const [inputs, outputs] = [
        await artifactsOf(wanted.inputs),
        await artifactsOf(wanted.outputs),
      ];
      const transform = await ensureTransform(instance, changes, {
        key: wanted.key ?? wanted.command[0]!,
        kind: wanted.script === undefined ? "pipeline" : "script",
        branchId: 1,
        ...(wanted.script === undefined ? {} : { source: wanted.script }),
      });
      const file = ({ uid, path }: { uid: string; path: string }) => ({ uid, path });
      const extraData = extraDataOf({
        command: wanted.command,
        folder: wanted.folder ?? ".",
        inputs: inputs.map(file),
        outputs: outputs.map(file),
        outs: [],
        auto: false,
        redacted: wanted.redacted ?? false,
      });
      const run = await insertRun(instance, changes, {
        transformId: transform.id,
        branchId: 1,
        status: 0,
        startedAt: instance.host.now(),
        finishedAt: instance.host.now(),
        ...(wanted.asPython === undefined ? { extraData } : wanted.asPython),
      });
      await linkInputs(changes, run.id, inputs.map(({ id }) => id));
      await linkOutputs(changes, run.id, outputs.map(({ id }) => id));
      return { result: run.uid, summary: "a test" };
    });
    return result;
  });
}
