import { add, type AddRequest, type AddResult, type Within } from "../../core/artifact/add/add.ts";
import type { AddedAll } from "../../core/artifact/add/added.ts";
import { type AddedRow, addedRows } from "../../core/artifact/add/added_rows.ts";
import { artifact } from "../../core/registry/lamindb/artifact.ts";
import type { PathList } from "../../core/artifact/add/path_list.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { addRemote, isAnyRemote, isRemote } from "../add_remote.ts";
import { choice, text, toggle } from "../flags.ts";
import type { JsonObject, Output } from "../output.ts";
import { readList } from "../read_list.ts";
import { artifactJson } from "../render/artifact_json.ts";
import { renderAdded } from "../render/added.ts";
import { runOf } from "../run/note_read.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly key?: string;
  readonly keyPrefix?: string;
  readonly description?: string;
  readonly kind?: string;
  readonly revises?: string;
  readonly stemUid?: string;
  readonly versionTag?: string;
  readonly branch?: string;
  readonly project?: string;
  readonly as?: "folder" | "files";
  readonly noCopy?: boolean;
  readonly link?: boolean;
  readonly stdin?: boolean;
  readonly zero?: boolean;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Adds files and folders as artifacts. The same content again changes nothing; other content under",
    "the same key is a new version. Your files are read, never changed.",
    "A folder such as x.zarr is one artifact; any other is walked file by file ('.laminignore' has",
    "the patterns to pass over). A key is the path relative to the instance unless you give one.",
    "What an address such as s3://bucket/folder/ names is registered where it lies: nothing is moved.",
  ].join("\n"),
  examples: [
    ["lamin add .", "everything in this folder"],
    ["lamin add pbmc.h5ad --description 'PBMC, donor 3'", "one file, with a description"],
    ["zcat run7.fastq.gz | head -4000 | lamin add - --key qc/run7.fastq", "the output of a pipe"],
    ["find . -name '*.fcs' -print0 | lamin add -z --stdin", "the paths that another program lists"],
    ["lamin add /data/run7 --as folder --key imaging/run7", "a whole folder as one artifact"],
    ["lamin add s3://lab-bucket/run7/ --key-prefix raw", "objects of a bucket, where they lie"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    key: text("key", "Name of the artifact"),
    keyPrefix: text("folder", "Put the keys below this one"),
    description: text("text", "What it is"),
    kind: text("kind", "dataset, model, plan or a word of your own"),
    revises: text("reference", "The artifact that this is a new version of"),
    stemUid: text("uid", "The same, by the first 16 characters of its uid, as in LaminDB"),
    versionTag: text("tag", "A name for this version, such as 1.2"),
    branch: text("branch", "Branch to add to; the current one unless given"),
    project: text("name", "Project that they belong to"),
    as: choice(["folder", "files"], "Take a folder as one artifact, or file by file"),
    noCopy: toggle("Register the files where they lie instead of storing them"),
    link: toggle("Store by a second name of the same file (hard link): do not edit it afterwards"),
    stdin: toggle("Read the list of paths from standard input, one a line"),
    zero: toggle("With --stdin: paths end with NUL instead of a line end"),
    dryRun: toggle("Show what would be done"),
  },
  aliases: { z: "zero", n: "dryRun", m: "description", k: "key" },
  arguments: {
    brief: "Files, folders, patterns, addresses, or - for standard input",
    placeholder: "path",
    completes: "path",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  if (flags.noCopy && flags.link) {
    throw new LaminError("usage", "--no-copy and --link exclude each other");
  }
  const fromPipe = args.length === 1 && args[0] === "-";
  if (fromPipe && flags.key === undefined) {
    throw new LaminError("usage", "bytes from standard input need a name", {
      hint: "for example: lamin add - --key counts.csv",
    });
  }
  if (flags.project !== undefined && args.some(isRemote)) {
    throw new LaminError("usage", "--project is not for what lies on servers");
  }
  context.output.requireFields(["status", ...Object.keys(artifact.columns)]);
  const instance = await context.instance();
  const paths = fromPipe ? [] : await pathsOf(context, flags, args);
  const annotations = await annotationsOf(context, flags);
  const making = await runOf(context, instance);
  const progress = context.output.progress("adding");
  let result: AddResult;
  try {
    const request: Omit<AddRequest, "mode" | "input"> = {
      operation: context.operation("add"),
      paths,
      ...(flags.key === undefined ? {} : { key: flags.key }),
      ...(flags.keyPrefix === undefined ? {} : { keyPrefix: flags.keyPrefix }),
      allowKeyless: (flags.description ?? revisedReference(flags)) !== undefined,
      folders: flags.as ?? "by name",
      annotations,
      dryRun: flags.dryRun ?? false,
      ...(making === undefined ? {} : { run: making }),
      ...(flags.project === undefined ? {} : { within: await inProject(instance, flags.project) }),
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    };
    result = isAnyRemote(paths) ? await addRemote(context, request, flags) : await add(instance, {
      ...request,
      mode: flags.noCopy ? "in place" : flags.link ? "link" : "copy",
      ...(fromPipe ? { input: context.host.terminal.input() } : {}),
    });
  } finally {
    progress.end();
  }
  await print(context, flags, result);
  return result.refused.length > 0 ? exitCode.failed : exitCode.ok;
}

/** Labels what is added, and what was there already, with a project. */
async function inProject(instance: Instance, name: string): Promise<Within> {
  const { findProject, linkProject } = await import("../../core/run/projects.ts");
  const projectId = await instance.database.read((reader) => findProject(reader, name));
  return async (changes, added, unchanged) => {
    const ids = [...unchanged, ...[...added].map(({ id }) => id!)];
    await linkProject(instance, changes, { id: null, projectId }, "artifact", ids);
    return `add ${ids.length} artifacts of a project`;
  };
}

async function pathsOf(context: Context, flags: Flags, args: readonly string[]): Promise<PathList> {
  const listed: PathList = flags.stdin
    ? await readList(context.host.terminal.input(), flags.zero ? "\0" : "\n")
    : [];
  if (args.includes("-")) {
    throw new LaminError("usage", "'-' stands for standard input and goes alone", {
      hint: "add the files in a command of their own",
    });
  }
  if (args.length === 0 && !flags.stdin) {
    throw new LaminError("usage", "there is nothing to add", {
      hint: "name files or folders: 'lamin add .' adds everything here",
    });
  }
  const { expandPatterns } = await import("../expand_patterns.ts");
  const local = args.filter((word) => !isRemote(word));
  const named = [...args.filter(isRemote), ...await expandPatterns(context.host, local)];
  return named.length === 0 ? listed : [...named, ...listed];
}

async function annotationsOf(context: Context, flags: Flags) {
  const instance = await context.instance();
  const { branchId, currentBranchId } = await import("../../core/instance/user.ts");
  const { resolveArtifact } = await import("../../core/reference/resolve.ts");
  const revises = revisedReference(flags);
  return await instance.database.read(async (reader) => ({
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(flags.kind === undefined ? {} : { kind: flags.kind }),
    ...(flags.versionTag === undefined ? {} : { versionTag: flags.versionTag }),
    ...(revises === undefined ? {} : { revises: await resolveArtifact(instance, reader, revises) }),
    branchId: flags.branch === undefined
      ? await currentBranchId(instance, reader)
      : await branchId(reader, flags.branch),
  }));
}

function revisedReference({ revises, stemUid }: Flags): string | undefined {
  return revises ?? stemUid;
}

async function print(
  context: Context,
  flags: Flags & CommonFlags,
  result: AddResult,
): Promise<void> {
  const { output } = context;
  if (output.mode === "human") {
    const rows = output.verbose
      ? await Array.fromAsync(addedRows(await context.instance(), result))
      : undefined;
    output.result({}, () => renderAdded(result, rows, output, { dryRun: flags.dryRun ?? false }));
  } else {
    for await (const one of addedRows(await context.instance(), result)) {
      output.result(addedJson(one), () => "");
    }
  }
  warnOfUnwritable(output, result.added);
  for (const { path, why } of result.refused) {
    output.warn(`not added: ${output.safe(path)}: ${why}`);
  }
  if (result.added.length + result.unchanged.length + result.refused.length === 0) {
    output.note("there is nothing to add: no files, or all of them ignored");
  }
  const links = result.passedOver.filter(({ why }) => why === "symlink").length;
  if (links > 0) output.note(`${links} symbolic links were passed over`);
  const special = result.passedOver.filter(({ why }) => why === "special").length;
  if (special > 0) output.note(`${special} devices, sockets or pipes were passed over`);
}

/** What is only planned has no id yet, and a new artifact no uid. */
function addedJson({ kind, row, isPlanned }: AddedRow): JsonObject {
  const planned = kind === "added" ? { id: null, uid: null } : { id: null };
  return { status: kind, ...artifactJson(row), ...(isPlanned ? planned : {}) };
}

function warnOfUnwritable(output: Output, { unwritable, moreUnwritable }: AddedAll): void {
  for (const { path, why } of unwritable) {
    output.warn(`'lamin get' will not write ${output.safe(path)} under this name: ${why}`);
  }
  if (moreUnwritable > 0) output.warn(`… nor ${moreUnwritable} others`);
}
