import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { basename, isAbsolute, join, relativeTo, resolve } from "../../../store/path.ts";
import { parseKey, parseRelativePath, type RelativePath } from "../../identity/key.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { MoveSource } from "./families.ts";
import { wasMovedTo } from "./moved_by_hand.ts";

/** A version and the key that it gets. */
export interface NewKey {
  readonly row: ArtifactRow;
  readonly key: RelativePath;
}

/**
 * The key that every version gets, decided as `mv` does: below the destination when that is a
 * folder, of keys or in the work tree, or ends with `/`; else it is the new name. A folder that was
 * moved by hand to the destination counts as its new name.
 *
 * Throws code "usage" for a destination outside the work tree or another suffix, "denied" for a key
 * that could not be written, "conflict" for a folder that would go into itself.
 */
export async function newKeys(
  instance: Instance,
  reader: Reader,
  source: MoveSource,
  destination: string,
): Promise<NewKey[]> {
  const target = keyOf(instance, destination);
  const isBelow = target === "" || destination.endsWith("/") ||
    (await isFolder(instance, reader, target) &&
      !await wasMovedTo(instance, reader, source, target));
  const { prefix, families: [first] } = source;
  if (prefix === undefined) {
    const { head, rows } = first!;
    const key = isBelow ? join(target, basename(head.key ?? destination)) : target;
    return rows.map((row) => ({ row, key: checkedKey(row, key) }));
  }
  const base = isBelow ? join(target, basename(prefix.slice(0, -1))) : target;
  if (relativeTo(prefix.slice(0, -1), base) !== undefined) {
    throw new LaminError("conflict", `${prefix} cannot go into itself, as ${base}`, {
      data: { prefix, destination: base },
    });
  }
  return source.families.flatMap(({ rows }) =>
    rows.filter(({ key }) => key?.startsWith(prefix)).map((row) => ({
      row,
      key: checkedKey(row, join(base, row.key!.slice(prefix.length))),
    }))
  );
}

/** A destination as key: a path from the working directory where that lies in the work tree. */
function keyOf({ host, workTree }: Instance, destination: string): string {
  const here = host.workingDirectory();
  const isInside = relativeTo(workTree.root, here) !== undefined;
  if (!isInside && !isAbsolute(destination)) return destination.replace(/^(\.\/)+|\/+$/g, "");
  const path = relativeTo(workTree.root, resolve(here, destination));
  if (path !== undefined) return path;
  throw new LaminError("usage", `${destination} lies outside the work tree ${workTree.root}`, {
    hint: "'lamin get --to' copies artifacts to other places",
    data: { destination },
  });
}

async function isFolder(instance: Instance, reader: Reader, target: string): Promise<boolean> {
  const below = reader.dialect.startsWith("key", `${target}/`);
  const some = await reader.first(
    `SELECT 1 AS found FROM lamindb_artifact
     WHERE ${below.sql} AND branch_id <> ${trashBranch} LIMIT 1`,
    below.parameters,
  );
  if (some !== undefined) return true;
  return instance.host.files.lstat(join(instance.workTree.root, target))?.kind === "directory";
}

/** LaminDB wants the suffix to stay (COMPAT §5.3, §5.6). */
function checkedKey({ key: former, suffix }: ArtifactRow, text: string): RelativePath {
  const key = parseRelativePath(parseKey(text));
  const { canonical, raw } = suffixOf(key);
  const isSame = former === null ? canonical === suffix : raw === suffixOf(former).raw;
  if (isSame) return key;
  const wanted = former === null ? suffix : suffixOf(former).raw;
  throw new LaminError("usage", `${key} must keep the suffix '${wanted}'`, {
    hint: "to convert a file, write another one and add it",
    data: { key, suffix: wanted },
  });
}
