import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import { basename } from "../../store/path.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { versionSuffix } from "../identity/uid.ts";
import { keysOf } from "../reference/resolve.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { trashBranch } from "../version/branch_ids.ts";
import type { FoundContent } from "./content_at.ts";

/** How many artifacts of the same name are named. */
const nearMax = 3;
/** How many of them are looked at. */
const namesakesMax = 100;

/**
 * The failure for content that no artifact has, with what is near: the artifact under that key, or
 * those of the same name elsewhere.
 */
export async function unknownContent(
  instance: Instance,
  asked: string,
  content: FoundContent | "unread folder",
): Promise<LaminError> {
  const near = asked === "-"
    ? []
    : await instance.database.read((reader) => nearBy(instance, reader, asked));
  const what = asked === "-" ? "what was piped in" : asked;
  return new LaminError("not_found", `no artifact has the content of ${what}`, {
    hint: hintOf(instance, asked, near, content),
    data: {
      path: asked,
      ...content === "unread folder" ? {} : { sha256: content.sha256 },
      nearest: near.map(({ uid, key }) => ({ uid, key })),
    },
  });
}

async function nearBy(instance: Instance, reader: Reader, asked: string): Promise<ArtifactRow[]> {
  const live = `is_latest AND branch_id <> ${trashBranch} ORDER BY id DESC LIMIT ${nearMax}`;
  for (const key of keysOf(instance, asked)) {
    const rows = await reader.select(artifact, `key = ? AND ${live}`, [key]);
    if (rows.length > 0) return rows.slice(0, 1);
  }
  const name = basename(asked);
  const alone = await reader.select(artifact, `key = ? AND ${live}`, [name]);
  if (alone.length > 0) return alone;
  const ends = reader.dialect.endsWith("key", `/${name}`);
  // Keys alone are read through their index, which is far smaller than the table.
  const ids = `SELECT id FROM lamindb_artifact WHERE ${ends.sql} LIMIT ${namesakesMax}`;
  return await reader.select(
    artifact,
    `id ${reader.dialect.among(ids)} AND ${live}`,
    ends.parameters,
  );
}

function hintOf(
  instance: Instance,
  asked: string,
  near: readonly ArtifactRow[],
  content: FoundContent | "unread folder",
): string {
  const [first] = near;
  if (asked === "-") return "a SHA-256 of all of it was looked for; nothing is known of its name";
  const isFolder = content === "unread folder" || content.kind === "folder";
  if (first === undefined) {
    return isFolder
      ? "it is no folder that is an artifact as a whole; name a file in it"
      : "none has its name either; 'lamin add' records it";
  }
  const version = first.version_tag ?? versionSuffix(first.uid);
  if (keysOf(instance, asked).includes(first.key!)) {
    return `${first.key} is recorded with other content, the latest version is ${version}: ` +
      `'lamin diff ${asked}' shows what changed since`;
  }
  return `of the same name is ${
    near.map(({ key }) => `'${key}'`).join(" or ")
  }, with other content`;
}
