import { nearest } from "../../core/text/nearest.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { probedJson, renderProbe } from "../render/probe.ts";
import { renderStorages, storageJson } from "../render/storages.ts";
import { verb } from "../verb.ts";

/** What can be done with storages. */
const actions = ["list", "add", "switch", "probe"] as const;

export default verb({
  description: [
    "The places that hold the bytes of artifacts: the instance's own one, and folders and buckets that",
    "were made known to it. 'add' makes one known: a folder, s3://bucket/folder, gs://bucket/folder, or",
    "to read only https://host/folder and hf://owner/repository. A server that is not AWS's is named as",
    "s3://bucket/folder?endpoint_url=http://host:9000. Keys come from the environment or ~/.aws, and no",
    "server is ever asked for anything that you did not name here or in LaminDB's settings.",
    "'switch' lets new artifacts of this work tree go to another storage; what there is stays where it",
    "is. 'probe' tries every call that a storage has to allow, with a small file of its own that it",
    "removes again, and says which one fails and which permission is missing.",
  ].join("\n"),
  examples: [
    ["lamin storage", "list them"],
    ["lamin storage add s3://lab-bucket/atlas", "make a bucket known"],
    ["lamin storage switch s3://lab-bucket/atlas", "store new artifacts there"],
    ["lamin storage switch own", "and again in the instance's own storage"],
    ["lamin storage probe s3://lab-bucket/atlas", "what works there and what does not"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.schemaUnknown],
  arguments: {
    brief: "list; add and a folder or URL; switch or probe and a uid, a root or 'own'",
    placeholder: "word",
    maximum: 2,
  },
  async run(context, _flags, [action = "list", what]) {
    if (action === "list" && what === undefined) return await list(context);
    if (action === "add" && what !== undefined) return await add(context, what);
    if (action === "switch" && what !== undefined) return await switchTo(context, what);
    if (action === "probe") return await probe(context, what);
    throw misunderstood(action, what);
  },
});

function misunderstood(action: string, what: string | undefined): LaminError {
  const missing: Record<string, string> = {
    add: "'storage add' needs a folder or a URL",
    switch: "'storage switch' needs a storage: its uid, its root, or 'own'",
  };
  if (action in missing) return new LaminError("usage", missing[action]!);
  const isList = action === "list";
  const near = isList ? [] : nearest(action, actions);
  return new LaminError("usage", `'lamin storage' does not know '${isList ? what : action}'`, {
    hint: near.length > 0
      ? `did you mean 'lamin storage ${near[0]}'?`
      : "it knows list, add, switch and probe",
  });
}

async function list(context: Context): Promise<void> {
  const instance = await context.instance({ readOnly: true });
  const { output } = context;
  const rows = [...instance.storages.values()];
  output.results(
    rows.map((row) => storageJson(instance, row)),
    () => renderStorages(instance, rows, output),
  );
}

async function add(context: Context, root: string): Promise<void> {
  const { output } = context;
  output.requireFields(fields);
  const instance = await context.instance();
  const { addStorage } = await import("../../core/storage/add_storage.ts");
  const { row, role, isNew, refusal } = await addStorage(instance, {
    root,
    operation: context.operation("storage"),
    openStore: (at) => context.openRemote(at),
  });
  output.result(storageJson(instance, row), () => {
    const name = output.paint.bold(output.safe(row.root));
    return isNew ? `added ${name}, ${role} (uid ${output.safe(row.uid)})` : `${name} was known`;
  });
  if (refusal !== undefined) {
    output.note(`it can be read only: ${output.safe(refusal.message)}`);
  } else if (isNew && role === "foreign") {
    output.note("another instance manages it: its data can be registered and read");
  } else if (role === "managed") {
    output.note(`'lamin storage switch ${output.safe(row.uid)}' stores new artifacts there`);
  }
}

async function switchTo(context: Context, what: string): Promise<void> {
  const { output } = context;
  output.requireFields(fields);
  const instance = await context.instance({ readOnly: true });
  const { findStorage } = await import("../../core/storage/find_storage.ts");
  const { switchStorage } = await import("../../core/storage/switch_storage.ts");
  const row = findStorage(instance, what);
  switchStorage(instance, row);
  output.result(
    { ...storageJson(instance, row), is_current: true },
    () => `new artifacts go to ${output.paint.bold(output.safe(row.root))}`,
  );
}

/** Fails when a call does that the instance needs of a storage it writes to. */
async function probe(context: Context, what: string | undefined): Promise<number> {
  const { output } = context;
  output.requireFields(["call", "permission", "result", "message", "hint"]);
  const instance = await context.instance({ readOnly: true });
  const { findStorage } = await import("../../core/storage/find_storage.ts");
  const { probeStore } = await import("../../store/objects/probe.ts");
  const { root, id } = what === undefined ? instance.storage : findStorage(instance, what);
  const calls = await probeStore(context.host, instance.blobsOf(id));
  output.results(calls.map(probedJson), () => renderProbe(root, calls, output));
  return calls.every(({ result }) => result === "works") ? exitCode.ok : exitCode.failed;
}

/** What `--json` prints. */
const fields = "uid root type region role instance_uid is_current".split(" ");
