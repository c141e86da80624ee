import type { Reader } from "../../../store/database/database.ts";
import { merged } from "./merged.ts";

/** An artifact whose uid means one content here and another one there. */
export interface Conflict {
  readonly uid: string;
  readonly key: string | null;
}

export interface Conflicts {
  readonly count: number;
  /** Some of them. */
  readonly artifacts: readonly Conflict[];
}

interface Row {
  readonly uid: string;
  readonly key: string | null;
  readonly size: number | null;
  readonly hash: string | null;
  readonly sha256: string | null;
}

/** How many conflicts are named. */
const namedMax = 20;

/**
 * Uids that both copies have given to other content. LaminDB numbers versions in their order, so
 * two copies that each add a version of one artifact give it the same uid.
 */
export async function conflictsBetween(here: Reader, there: Reader): Promise<Conflicts> {
  const artifacts: Conflict[] = [];
  let count = 0;
  for await (const [a, b] of merged(await rowsOf(here), await rowsOf(there), ({ uid }) => uid)) {
    if (a === undefined || b === undefined || isSame(a, b)) continue;
    count++;
    if (artifacts.length < namedMax) artifacts.push({ uid: a.uid, key: a.key });
  }
  return { count, artifacts };
}

function isSame(a: Row, b: Row): boolean {
  if (a.sha256 !== null && b.sha256 !== null) return a.sha256 === b.sha256;
  return a.hash === b.hash && a.size === b.size;
}

async function rowsOf(reader: Reader): Promise<AsyncIterable<Row>> {
  const isNoted = await reader.hasTable("lamin_content");
  return reader.iterate<Row>(
    isNoted
      ? `SELECT a.uid, a.key, a.size, a.hash, c.sha256 FROM lamindb_artifact AS a
         LEFT JOIN lamin_content AS c
           ON c.artifact_id = a.id AND c.hash IS NOT DISTINCT FROM a.hash
         ORDER BY ${reader.dialect.textOrder("a.uid")}`
      : `SELECT uid, key, size, hash, NULL AS sha256 FROM lamindb_artifact
         ORDER BY ${reader.dialect.textOrder("uid")}`,
  );
}
