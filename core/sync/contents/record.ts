import { LaminError } from "../../../store/errors.ts";
import { nameOf } from "../../artifact/content_files.ts";
import type { ArtifactRow } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { type ContentRow, laminContent } from "../../side_tables.ts";
import { recordManifests, recordObjects } from "../../artifact/add/record_contents.ts";
import { placeOf } from "./object_name.ts";
import type { LackingContent } from "./plan.ts";
import type { StoredContent } from "./stored.ts";
import { takenPlaces } from "./taken_place.ts";
import { presentFiles } from "./target_files.ts";

/** What became of contents whose rows were to be written. */
export interface RecordedContents {
  /** Uids of the artifacts that have their bytes now. */
  readonly recorded: readonly string[];
  /** Those of which that cannot be said, and why: their rows were left. */
  readonly refused: readonly LackingContent[];
}

/** How many rows are looked up at a time. */
const rowsAtOnce = 1000;

/**
 * Lets the rows of artifacts say that the target has their bytes: their objects, contents and the
 * files of folders, and where they lie. The rows may have been inserted in the same transaction.
 * What `gc` took since it was stored is noticed here, under the lock, as is a row that has another
 * content by now.
 */
export async function recordContents(
  changes: Changes,
  target: Instance,
  stored: readonly StoredContent[],
): Promise<RecordedContents> {
  const present = await presentFiles(target, stored.flatMap(filesOf));
  const recorded: string[] = [];
  const refused: LackingContent[] = [];
  for (let start = 0; start < stored.length; start += rowsAtOnce) {
    const known = await lookUp(changes, stored.slice(start, start + rowsAtOnce));
    const taken = await takenPlaces(changes, target, known.flatMap(({ row }) => row ?? []));
    const sound: Known[] = [];
    for (const one of known) {
      const why = filesOf(one.stored).every(({ name }) => present.has(name))
        ? whyNot(one) ?? taken.get(one.row!.id)
        : collected(one.stored);
      if (why === undefined) sound.push(one);
      else refused.push({ uid: one.stored.uid, why });
    }
    await record(changes, target, sound);
    recorded.push(...sound.map(({ stored: { uid } }) => uid));
  }
  return { recorded, refused };
}

/** A content with what the target says of its artifact. */
interface Known {
  readonly stored: StoredContent;
  readonly row: ArtifactRow | undefined;
  readonly noted: ContentRow | undefined;
}

async function lookUp({ reader }: Changes, stored: readonly StoredContent[]): Promise<Known[]> {
  const uids = reader.dialect.valuesOf(stored.map(({ uid }) => uid));
  const rows = await reader.select(artifact, `uid IN (${uids.sql})`, uids.parameters);
  const ids = reader.dialect.valuesOf(rows.map(({ id }) => id));
  const contents = await reader.select(
    laminContent,
    `artifact_id IN (${ids.sql})`,
    ids.parameters,
  );
  const byUid = new Map(rows.map((row) => [row.uid, row]));
  const byId = new Map(contents.map((content) => [content.artifact_id, content]));
  return stored.map((one) => {
    const row = byUid.get(one.uid);
    return { stored: one, row, noted: row && byId.get(row.id) };
  });
}

function filesOf({ object, size, manifest }: StoredContent): { name: string; size: number }[] {
  if (manifest === undefined) return [{ name: object, size }];
  return manifest.map(({ path, size }) => ({ name: `${object}/${path}`, size }));
}

/** Why the bytes that came are not those of the row; undefined when they are. */
function whyNot({ stored, row, noted }: Known): LaminError | undefined {
  if (row === undefined) {
    return new LaminError("not_found", `${stored.name} is no longer there`, {
      hint: "another command deleted it just now",
      data: { uid: stored.uid },
    });
  }
  const isFolder = stored.manifest !== undefined;
  const isSame = row.hash === stored.hash && (row.n_files !== null) === isFolder &&
    (row.size === null || row.size === stored.size);
  const isNoted = noted === undefined || noted.hash !== row.hash || noted.sha256 === stored.sha256;
  if (isSame && isNoted) return undefined;
  return new LaminError("conflict", `${nameOf(row)} has another content here than at the source`, {
    hint: "its bytes were left where they are",
    data: { uid: row.uid, key: row.key },
  });
}

function collected({ uid, name }: StoredContent): LaminError {
  return new LaminError("conflict", `the stored bytes of ${name} were just collected`, {
    hint: "run the command again",
    data: { uid },
  });
}

async function record(changes: Changes, target: Instance, known: readonly Known[]): Promise<void> {
  const stored = known.map((one) => one.stored);
  await recordObjects(
    changes,
    stored.map(({ object, sha256, size, manifest }) => ({ name: object, sha256, size, manifest })),
    target.storage.id,
  );
  await recordManifests(changes, stored);
  await changes.insert(
    laminContent,
    known.filter(({ noted }) => noted === undefined).map(({ stored, row }) => ({
      artifact_id: row!.id,
      ...contentOf(stored, row!),
    })),
  );
  for (const { stored, row, noted } of known) {
    if (noted !== undefined) await changes.update(laminContent, [noted], contentOf(stored, row!));
    await changes.update(artifact, [row!], placeOf(target, stored.object));
  }
}

function contentOf({ sha256, manifest }: StoredContent, { hash }: ArtifactRow) {
  return { sha256, is_folder: manifest !== undefined, hash };
}
