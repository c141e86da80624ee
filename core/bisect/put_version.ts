import { LaminError } from "../../store/errors.ts";
import { join, relativeTo } from "../../store/path.ts";
import { contentFiles } from "../artifact/content_files.ts";
import { destinationOf } from "../artifact/get/destination.ts";
import { get } from "../artifact/get/get.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { parseRelativePath } from "../identity/key.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { fileContent, filesIn, folderContent, type FoundContent } from "../why/content_at.ts";
import { artifactsWith } from "../why/same_content.ts";

/** Where versions are written for the test. */
export interface Place {
  /** As `lamin get --to` takes it; the key in the work tree unless given. */
  readonly to: string | undefined;
}

/** The row of a version. Throws code "not_found" when it is gone for good. */
export async function versionRow(instance: Instance, uid: string): Promise<ArtifactRow> {
  const [row] = await instance.database.read((reader) => reader.select(artifact, "uid = ?", [uid]));
  if (row !== undefined) return row;
  throw new LaminError("not_found", `the version ${uid} is not there any more`, {
    hint: "'lamin bisect skip' goes on without it",
    data: { uid },
  });
}

/**
 * Writes a version where it is tested, in place of what is there; gives its absolute path. Throws
 * code "conflict" for changes that are recorded nowhere, which are left, or what `get` fails with.
 */
export async function putVersion(
  instance: Instance,
  place: Place,
  row: ArtifactRow,
): Promise<string> {
  const there = await versionThere(instance, place, row);
  // A folder goes as a whole and comes as a whole: it is never a mixture of two versions.
  const isOther = there !== undefined && there.id !== row.id;
  if (isOther && there.n_files !== null) await removeFiles(instance, place, there);
  const [got] = await get(instance, {
    selected: [{ row, prefix: undefined }],
    destination: destinationOf(instance, place.to, false),
    force: false,
    dryRun: false,
  });
  if (got!.fault !== undefined) throw got!.fault;
  const path = pathOf(instance, place, row);
  if (got!.status === "skipped") throw unrecorded(nameOf(instance, path));
  return path;
}

/**
 * The version that is where versions are to be written; undefined when nothing is. Throws code
 * "conflict" for something that is recorded nowhere.
 */
export async function versionThere(
  instance: Instance,
  place: Place,
  row: ArtifactRow,
): Promise<ArtifactRow | undefined> {
  const path = pathOf(instance, place, row);
  const content = await contentAt(instance, path);
  if (content === undefined) return undefined;
  const matches = (await artifactsWith(instance, content))
    .filter(({ member, isSure }) => member === undefined && isSure);
  const found = matches.find((match) => match.row.key === row.key) ?? matches[0];
  if (found === undefined) throw unrecorded(nameOf(instance, path));
  return found.row;
}

/**
 * Removes what was written for the test, if it is as recorded. Throws code "conflict" when it was
 * changed since.
 */
export async function removeVersion(
  instance: Instance,
  place: Place,
  row: ArtifactRow,
): Promise<void> {
  const there = await versionThere(instance, place, row);
  if (there !== undefined) await removeFiles(instance, place, there);
}

/** Removes the files of a version that is there as recorded, whatever its key. */
async function removeFiles(instance: Instance, place: Place, there: ArtifactRow): Promise<void> {
  const { tree, pathOf } = destinationOf(instance, place.to, false);
  const path = pathOf({ row: there, prefix: undefined });
  for (const file of await contentFiles(instance, there)) {
    tree.remove(parseRelativePath(file.path === "" ? path : `${path}/${file.path}`));
  }
  await tree.flushNames();
}

function nameOf(instance: Instance, path: string): string {
  return relativeTo(instance.workTree.root, path) ?? path;
}

function pathOf(instance: Instance, { to }: Place, row: ArtifactRow): string {
  const destination = destinationOf(instance, to, false);
  return join(
    destination.tree.root,
    parseRelativePath(destination.pathOf({ row, prefix: undefined })),
  );
}

async function contentAt(instance: Instance, path: string): Promise<FoundContent | undefined> {
  const stat = instance.host.files.lstat(path);
  if (stat === null) return undefined;
  if (stat.kind === "file") return await fileContent(instance, path, stat, () => {});
  const files = stat.kind === "directory" ? filesIn(instance.host, path) : undefined;
  if (files === undefined) throw unrecorded(path);
  return await folderContent(instance, files, () => {});
}

function unrecorded(path: string): LaminError {
  return new LaminError("conflict", `${path} has changes that are recorded nowhere`, {
    hint: "'lamin add' records them; or test elsewhere: 'lamin bisect start KEY --to PATH'",
    data: { path },
  });
}
