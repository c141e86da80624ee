import type { Reader } from "../../store/database/database.ts";
import { join, relativeTo, resolve } from "../../store/path.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { notFound } from "../reference/not_found.ts";
import { findArtifact, resolveArtifact } from "../reference/resolve.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { StatusEntry } from "../status/entry.ts";
import { status } from "../status/status.ts";
import { presentAt } from "../work_tree/present.ts";
import { artifactSide, versionName } from "./artifact_side.ts";
import type { Side } from "./side.ts";
import { WorkSides } from "./work_side.ts";

/** Two contents to compare; a side is null when there is nothing. */
export interface Pair {
  /** What to call the sides; null for one that is not there. */
  readonly names: { readonly before: string | null; readonly after: string | null };
  /** True when the content is known to be the same, under another path. */
  readonly isRenamed: boolean;
  /** Looks at both; throws code "damaged" when the bytes of one are gone. */
  open(): Promise<{ before: Side | null; after: Side | null }>;
}

/**
 * What the words of `lamin diff` ask to compare. Two words are two references, compared with each
 * other, unless `each` says otherwise. One that names a version is compared with the file in the
 * work tree or, where there is none, with the latest version. All else are paths, and everything
 * below them that is not as it was recorded is compared with the latest version.
 *
 * Throws code "not_found" or "ambiguous" for a word that means nothing or too much.
 */
export async function pairsOf(
  instance: Instance,
  words: readonly string[],
  each: boolean,
): Promise<readonly Pair[]> {
  const sides = new WorkSides(instance);
  if (words.length === 2 && !each) {
    const [before, after] = [
      await meantBy(instance, sides, words[0]!),
      await meantBy(instance, sides, words[1]!),
    ];
    return [pair(before, after)];
  }
  const versions = new Map<string, ArtifactRow>();
  for (const word of words) {
    const row = isThere(instance, word) ? undefined : await versionNamed(instance, word);
    if (row !== undefined) versions.set(word, row);
  }
  const pairs: Pair[] = [];
  for (const row of versions.values()) pairs.push(await againstWork(instance, sides, row));
  const paths = words.filter((word) => !versions.has(word));
  if (paths.length === 0 && words.length > 0) return pairs;
  return [...pairs, ...await changedPairs(instance, sides, paths)];
}

/** Something to compare, not looked at yet. */
interface Meant {
  readonly name: string;
  open(): Promise<Side>;
}

function pair(before: Meant | null, after: Meant | null, isRenamed = false): Pair {
  return {
    names: { before: before?.name ?? null, after: after?.name ?? null },
    isRenamed,
    open: async () => ({
      before: await before?.open() ?? null,
      after: await after?.open() ?? null,
    }),
  };
}

function version(instance: Instance, row: ArtifactRow): Meant {
  return { name: versionName(row), open: () => artifactSide(instance, row) };
}

function workFile(instance: Instance, sides: WorkSides, path: string): Meant {
  const name = relativeTo(instance.workTree.root, path) ?? path;
  return { name, open: () => opened(() => sides.side(path)) };
}

// deno-lint-ignore require-await -- throws become rejections
async function opened(open: () => Side): Promise<Side> {
  return open();
}

function absolute(instance: Instance, word: string): string {
  return resolve(instance.host.workingDirectory(), word);
}

function isThere(instance: Instance, word: string): boolean {
  return presentAt(instance.host, absolute(instance, word), "follow") !== null;
}

/** `./a`, `../a` and `/a` mean the file itself; all else a reference first, then a file. */
async function meantBy(instance: Instance, sides: WorkSides, word: string): Promise<Meant> {
  const path = absolute(instance, word);
  const isPath = /^(\.{0,2}\/|\.{1,2}$|[A-Za-z]:[\\/])/.test(word);
  if (isPath && isThere(instance, word)) return workFile(instance, sides, path);
  return await instance.database.read(async (reader) => {
    const row = await findArtifact(instance, reader, word, "live");
    if (row !== undefined) return version(instance, row);
    if (isThere(instance, word)) return workFile(instance, sides, path);
    throw await notFound(reader, word, "live");
  });
}

/**
 * The version that a word names that is no path; undefined when it is one, of something deleted.
 */
async function versionNamed(instance: Instance, word: string): Promise<ArtifactRow | undefined> {
  const row = await instance.database.read((reader) =>
    findArtifact(instance, reader, word, "live")
  );
  const path = relativeTo(instance.workTree.root, absolute(instance, word));
  return row?.key === null || row?.key !== path ? row : undefined;
}

async function againstWork(
  instance: Instance,
  sides: WorkSides,
  row: ArtifactRow,
): Promise<Pair> {
  const path = row.key === null ? undefined : join(instance.workTree.root, row.key);
  if (path !== undefined && isThere(instance, path)) {
    return pair(version(instance, row), workFile(instance, sides, path));
  }
  const latest = await instance.database.read((reader) =>
    resolveArtifact(instance, reader, stemUid(row.uid), "all")
  );
  return pair(version(instance, row), version(instance, latest));
}

/** Everything below the paths that is not as it was recorded, but for what was never here. */
async function changedPairs(
  instance: Instance,
  sides: WorkSides,
  paths: readonly string[],
): Promise<Pair[]> {
  const { entries } = await status(instance, { paths, ignored: false });
  const shown = entries.filter(({ status }) => !neverHere.has(status));
  const rows = await instance.database.read((reader) => rowsOf(reader, shown));
  return shown.map((entry) => {
    const row = entry.artifact === undefined ? undefined : rows.get(entry.artifact.id);
    const isGone = entry.status === "deleted" || entry.status === "missing";
    const path = join(instance.workTree.root, entry.path);
    return pair(
      row === undefined ? null : version(instance, row),
      isGone ? null : { name: entry.path, open: () => opened(() => sides.changed(path)) },
      entry.status === "renamed",
    );
  });
}

async function rowsOf(
  reader: Reader,
  entries: readonly StatusEntry[],
): Promise<Map<number, ArtifactRow>> {
  const ids = entries.flatMap((entry) => entry.artifact === undefined ? [] : [entry.artifact.id]);
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  return new Map(rows.map((row) => [row.id, row]));
}

const neverHere: ReadonlySet<string> = new Set(["not fetched", "elsewhere"]);
