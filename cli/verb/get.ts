import { destinationOf } from "../../core/artifact/get/destination.ts";
import { get, type Got } from "../../core/artifact/get/get.ts";
import { selectArtifacts, type Selected } from "../../core/artifact/get/select.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { artifact } from "../../core/registry/lamindb/artifact.ts";
import type { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { entityWords } from "../entity_words.ts";
import { exitCode, exitCodeFor } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { artifactJson } from "../render/artifact_json.ts";
import { renderGot } from "../render/got.ts";
import { plural } from "../render/quantity.ts";
import { noteRead } from "../run/note_read.ts";
import { seenFrom } from "../seen_from.ts";
import { type CommonFlags, verb } from "../verb.ts";

export interface GetFlags {
  readonly to?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly uid?: string;
  readonly key?: string;
}

export default verb<GetFlags>({
  description: [
    "Fetches artifacts into the work tree, to the path that is their key, or to another place.",
    "The bytes are checked before a file appears. A file that is there already is left; one that differs",
    "is replaced only if its content is recorded, else it is skipped (exit code 1) unless --force is given.",
    "--to decides as 'cp' does: below a folder that exists or ends with '/', else it is the new name.",
    "Python's words work too: 'lamin load artifact --uid UID'. A collection brings all its artifacts, a",
    "transform its source code.",
  ].join("\n"),
  examples: [
    ["lamin get raw/counts.csv", "the latest version, to raw/counts.csv"],
    ["lamin get raw/counts.csv@1 --to old.csv", "the second version, under another name"],
    ["lamin get . ", "everything that is not here"],
    ["lamin get raw/ --to /tmp/copy/", "a folder of keys, to /tmp/copy/raw/…"],
    ["lamin get collection pbmc", "the artifacts of a collection"],
    ["lamin load transform --key analyze.py", "the source code of a transform"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: {
    to: text("path", "Where to write to, instead of the work tree"),
    force: toggle("Replace files that differ and are recorded nowhere"),
    dryRun: toggle("Show what would be done"),
    uid: text("uid", "The uid, as with Python's program"),
    key: text("key", "The key, as with Python's program"),
  },
  aliases: { n: "dryRun", f: "force", o: "to" },
  arguments: { brief: "What to fetch", placeholder: "reference", completes: "reference" },
  run,
});

async function run(context: Context, flags: GetFlags & CommonFlags, args: readonly string[]) {
  const words = entityWords(flags, args);
  if (words.entity !== "transform") {
    context.output.requireFields(["status", "path", "why", ...Object.keys(artifact.columns)]);
  }
  const instance = await context.instance();
  if (words.entity === "transform") {
    const { getTransforms } = await import("../get_transforms.ts");
    return await getTransforms(context, instance, flags, words.references);
  }
  const { selected, collections } = words.entity === "artifact"
    ? {
      selected: await instance.database.read((reader) =>
        selectArtifacts(instance, reader, words.references)
      ),
      collections: [],
    }
    : await membersOf(instance, words.references);
  const isMany = words.references.length > 1 || words.entity === "collection";
  const destination = destinationOf(instance, flags.to, isMany);
  const progress = context.output.progress("fetching");
  let got: readonly Got[];
  try {
    got = await get(instance, {
      selected,
      destination,
      force: flags.force ?? false,
      dryRun: flags.dryRun ?? false,
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    });
  } finally {
    progress.end();
  }
  if (!flags.dryRun) {
    const isThere = ({ status }: Got) => status === "fetched" || status === "unchanged";
    const artifacts = collections.length > 0 ? [] : got.filter(isThere).map(({ row }) => row.id);
    await noteRead(context, instance, "get", { artifacts, collections });
  }
  print(context, flags, got, seenFrom(context.host, destination.tree.root));
  return exitCodeOf(got);
}

/** The artifacts of collections, and the ids of these. */
async function membersOf(
  instance: Instance,
  references: readonly string[],
): Promise<{ selected: Selected[]; collections: number[] }> {
  const { collectionMembers } = await import("../../core/artifact/get/collection_members.ts");
  const { resolveRecord } = await import("../../core/reference/resolve_record.ts");
  const { collection } = await import("../../core/registry/lamindb/collection.ts");
  const { currentBranchId } = await import("../../core/instance/user.ts");
  return await instance.database.read(async (reader) => {
    const branch = await currentBranchId(instance, reader);
    const members = new Map<number, Selected>();
    const collections: number[] = [];
    for (const reference of references) {
      const row = await resolveRecord(reader, collection, reference, branch);
      collections.push(Number(row.id));
      for (const one of await collectionMembers(reader, Number(row.id))) {
        members.set(one.row.id, one);
      }
    }
    return { selected: [...members.values()], collections };
  });
}

function print(
  context: Context,
  flags: GetFlags,
  got: readonly Got[],
  nameOf: (path: string) => string,
): void {
  const { output } = context;
  const json = ({ row, path, status, fault, skipped }: Got): JsonObject => ({
    status,
    path: nameOf(path),
    why: fault?.message ?? skipped[0]?.why ?? null,
    ...artifactJson(row),
  });
  const style = { output, dryRun: flags.dryRun ?? false, nameOf };
  output.results(got.map(json), () => renderGot(got, style));
  for (const { path, skipped, extra, fault } of got) {
    const name = output.safe(nameOf(path));
    if (fault !== undefined) output.warn(`not fetched: ${name}: ${output.safe(fault.message)}`);
    for (const one of skipped.slice(0, 5)) {
      output.warn(`skipped: ${output.safe(nameOf(one.path))}: ${one.why} (--force replaces it)`);
    }
    if (skipped.length > 5) output.warn(`skipped: ${skipped.length - 5} more files in ${name}`);
    if (extra.length > 0) {
      output.note(
        `${plural(extra.length, "file")} in ${name} left that it does not have: ${
          output.safe(extra.slice(0, 5).join(", "))
        }${extra.length > 5 ? ", …" : ""}`,
      );
    }
  }
}

/** What was denied counts most, then damage, then anything else that was not done. */
function exitCodeOf(got: readonly Got[]): number {
  const codes = got.flatMap(({ fault }) => fault === undefined ? [] : [fault.code]);
  const worst: LaminError["code"] | undefined = codes.find((code) => code === "denied") ??
    codes.find((code) => code === "damaged") ?? codes[0];
  if (worst !== undefined) return exitCodeFor(worst);
  return got.some(({ status }) => status === "skipped") ? exitCode.failed : exitCode.ok;
}
