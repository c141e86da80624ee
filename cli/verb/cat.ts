import { checkedFiles } from "../../core/artifact/checked_files.ts";
import type { ContentFile } from "../../core/artifact/content_files.ts";
import { contentFiles, nameOf, verifiedBytes } from "../../core/artifact/open_content.ts";
import { pickFile } from "../../core/artifact/pick_file.ts";
import type { ArtifactRow } from "../../core/artifact/storage_key.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { resolveMember } from "../../core/reference/resolve_member.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text } from "../flags.ts";
import { noteRead } from "../run/note_read.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly path?: string;
}

export default verb<Flags>({
  description: [
    "Prints the bytes of artifacts, checked against the recorded hash: of damaged ones the end is",
    "never printed, and the exit code is 13.",
    "A file in a folder artifact is named by --path or as part of the reference. With --json the bytes",
    "come as text in 'content', or as base64 where they are no text.",
  ].join("\n"),
  examples: [
    ["lamin cat results/summary.json", "the latest version"],
    ["lamin cat raw/counts.csv@1 | head", "the second version (versions count from 0)"],
    ["lamin cat imaging/run7/plate1/meta.json", "a file in a folder artifact"],
    ["lamin cat pbmc.zarr --path .zattrs", "the same in two words"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: { path: text("file", "The file in a folder artifact") },
  arguments: {
    brief: "What to print",
    placeholder: "reference",
    minimum: 1,
    completes: "reference",
  },
  run,
});

interface Chosen {
  readonly row: ArtifactRow;
  readonly file: ContentFile;
}

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  if (flags.path !== undefined && args.length > 1) {
    throw new LaminError("usage", "--path names a file in one artifact, but there are several");
  }
  // All are looked up before the first byte is printed.
  const chosen: Chosen[] = [];
  for (const reference of args) chosen.push(await choose(instance, reference, flags.path));
  // Before, since the reader of a pipe may leave meanwhile.
  await noteRead(context, instance, "cat", { artifacts: chosen.map(({ row }) => row.id) });
  for (const one of chosen) {
    if (context.output.mode === "human") await print(context, instance, one);
    else await printValue(context, instance, one);
  }
}

async function choose(
  instance: Instance,
  reference: string,
  path: string | undefined,
): Promise<Chosen> {
  const { row, member } = await instance.database.read((reader) =>
    resolveMember(instance, reader, reference)
  );
  const files = await contentFiles(instance, row);
  const { path: picked } = pickFile(row, files, path ?? member);
  const checked = await checkedFiles(instance, row, files);
  return { row, file: checked.find((file) => file.path === picked)! };
}

async function print(context: Context, instance: Instance, { row, file }: Chosen): Promise<void> {
  for await (const bytes of verifiedBytes(instance, row, file)) context.output.bytes(bytes);
}

/** Most bytes that are printed as part of a JSON value. */
const jsonBytesMax = 64 * 1024 * 1024;

async function printValue(
  context: Context,
  instance: Instance,
  { row, file }: Chosen,
): Promise<void> {
  if ((file.size ?? 0) > jsonBytesMax) {
    throw new LaminError("usage", `${nameOf(row)} is too large to be printed as JSON`, {
      hint: "leave --json out, or use 'lamin get'",
    });
  }
  const pieces: Uint8Array[] = [];
  for await (const bytes of verifiedBytes(instance, row, file)) pieces.push(bytes.slice());
  const bytes = joined(pieces);
  const content = textOf(bytes);
  context.output.result({
    uid: row.uid,
    key: row.key,
    path: file.path === "" ? null : file.path,
    size: bytes.length,
    encoding: content === undefined ? "base64" : "utf-8",
    content: content ?? bytes.toBase64(),
  }, () => "");
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
