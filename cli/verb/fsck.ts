import { fsck, type FsckResult } from "../../core/fsck/fsck.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { allRegistries } from "../modules.ts";
import { findingFields, findingJson, renderFindings } from "../render/findings.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly deep?: boolean;
  readonly repair?: boolean;
}

export default verb<Flags>({
  description: [
    "Compares what is recorded with what is there: missing bytes, wrong sizes, rows that disagree, and",
    "with --deep also the hash of every byte. Nothing is changed unless --repair is given: it makes",
    "lost or damaged bytes anew from any other copy with the same SHA-256 (another object, the work",
    "tree, what Python stored) and mends rows. What it replaces is kept in '.lamindb/objects/damaged/'.",
    "Data that was registered in place is never changed.",
  ].join("\n"),
  examples: [
    ["lamin fsck", "everything, by names and sizes"],
    ["lamin fsck --deep", "everything, down to the last byte"],
    ["lamin fsck --deep raw/ model.pkl@2", "some artifacts"],
    ["lamin fsck --deep --repair", "and mend what can be mended"],
    ["lamin fsck --json | jq 'select(.severity == \"damage\")'", "damage, for a program"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    deep: toggle("Read all bytes and compare their hashes"),
    repair: toggle("Mend what can be mended, as one operation"),
  },
  arguments: {
    brief: "Artifacts to look at: keys, uids, folders; everything without any",
    placeholder: "reference",
    completes: "reference",
  },
  async run(context, flags, references) {
    context.output.requireFields(findingFields);
    const { deep = false, repair = false } = flags;
    const result = await look(context, { deep, repair }, references);
    const { output } = context;
    output.results(
      result.findings.map(findingJson),
      () => renderFindings(result, output, { deep, repair }),
    );
    const left = result.findings.filter(({ severity, isRepaired }) =>
      severity === "damage" && !isRepaired
    );
    if (left.length === 0) return exitCode.ok;
    if (!repair && left.some(({ mend }) => mend !== undefined)) {
      output.note("'lamin fsck --repair' mends what it can");
    }
    return exitCode.damaged;
  },
});

async function look(
  context: Context,
  flags: Required<Flags>,
  references: readonly string[],
): Promise<FsckResult> {
  const instance = await context.instance();
  const progress = context.output.progress("checking");
  try {
    return await fsck(instance, {
      ...flags,
      operation: context.operation("fsck"),
      references,
      registries: allRegistries(),
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    });
  } finally {
    progress.end();
  }
}
