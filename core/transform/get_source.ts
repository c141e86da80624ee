import type { Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import { LaminError } from "../../store/errors.ts";
import type { FileStat } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import type { WorkTree } from "../../store/work_tree.ts";
import { parseRelativePath } from "../identity/key.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import type { transform } from "../registry/lamindb/transform.ts";

export type TransformRow = RowOf<typeof transform>;

export interface SourceRequest {
  readonly row: TransformRow;
  readonly tree: WorkTree;
  /** Below the tree's root; not checked yet. */
  readonly path: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface GotSource {
  readonly status: "fetched" | "unchanged" | "skipped";
  readonly why?: string;
}

/**
 * Where a transform's source goes: to its key. The source of a notebook is stored as text in cells
 * (COMPAT §6.4), which is no notebook file, so it gets the suffix of Python.
 */
export function sourcePath({ key }: Pick<TransformRow, "key">): string {
  return key.replace(/\.ipynb$/, ".py");
}

/**
 * Writes the source code of a transform. A file that is there stays unless it is one of the
 * versions or `force` is given.
 *
 * Throws code "not_found" when there is no source code, "denied" for a path that is not safe.
 */
export async function getSource(instance: Instance, request: SourceRequest): Promise<GotSource> {
  const { row, tree } = request;
  const source = row.source_code;
  if (source === null) {
    throw new LaminError("not_found", `the transform ${row.key} has no source code`, {
      hint: "it was registered without",
      data: { uid: row.uid, key: row.key },
    });
  }
  const path = parseRelativePath(request.path);
  tree.requireFolders(path);
  const present = tree.stat(path);
  const there = present === null ? undefined : readText(instance, join(tree.root, path), present);
  if (there === source) return { status: "unchanged" };
  if (present?.kind === "directory") return { status: "skipped", why: "a folder is there" };
  if (present !== null && !request.force && !await isVersion(instance, row, there)) {
    return { status: "skipped", why: "what is there is recorded nowhere" };
  }
  if (!request.dryRun) await write(request, source, present);
  return { status: "fetched" };
}

async function write(
  { tree, path }: SourceRequest,
  source: string,
  planned: FileStat | null,
): Promise<void> {
  tree.makeRoot();
  await tree.write(
    parseRelativePath(path),
    (append) => Promise.resolve(append(new TextEncoder().encode(source))),
    (now) => {
      if (now?.inode === planned?.inode && now?.modifiedMs === planned?.modifiedMs) return;
      throw new LaminError("conflict", `${path} was left as it is: it changed just now`);
    },
  );
}

/** Longer files are no source code. */
const sourceBytesMax = 64 * 1024 * 1024;

function readText(instance: Instance, absolute: string, stat: FileStat): string | undefined {
  if (stat.kind !== "file" || stat.size > sourceBytesMax) return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    instance.host.files.readFile(absolute),
  );
}

async function isVersion(
  instance: Instance,
  { uid }: TransformRow,
  text: string | undefined,
): Promise<boolean> {
  if (text === undefined) return false;
  const sources = await instance.database.read((reader) => sourcesOf(reader, stemUid(uid)));
  return sources.includes(text);
}

async function sourcesOf(reader: Reader, stem: string): Promise<(string | null)[]> {
  const rows = await reader.all<{ source: string | null }>(
    "SELECT source_code AS source FROM lamindb_transform WHERE uid BETWEEN ? AND ?",
    [`${stem}0000`, `${stem}zzzz`],
  );
  return rows.map(({ source }) => source);
}
