import type { Reader } from "../../store/database/database.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { currentVersions, isReplaced } from "../lineage/current_versions.ts";
import { type DataNode, dataNodes } from "../lineage/nodes.ts";
import { ownersOf } from "../log/owners.ts";
import { type Maker, makersOf } from "./maker.ts";

/** Where an artifact came from. */
export interface Story {
  readonly artifact: DataNode;
  /** What is current in its place, where it is not current itself. */
  readonly current: DataNode | undefined;
  /** Handle of who recorded it, and when. */
  readonly createdBy: string | undefined;
  readonly createdAt: string;
  /** The runs that made it, the last one first; none where none was recorded. */
  readonly makers: readonly Maker[];
  /** The command of lamin that recorded it, as JSON, where one did. */
  readonly recordedBy: { readonly uid: string; readonly command: string } | undefined;
}

/** What is known of where an artifact came from, in a fixed number of queries. */
export async function storyOf(
  instance: Instance,
  reader: Reader,
  row: ArtifactRow,
): Promise<Story> {
  const branch = await currentBranchId(instance, reader);
  const [artifact] = await dataNodes(reader, "artifact", [row.id]);
  const heads = await currentVersions(reader, "artifact", [row.uid], branch);
  const head = heads.get(stemUid(row.uid));
  const creator = await reader.first<{ handle: string }>(
    "SELECT handle FROM lamindb_user WHERE id = ?",
    [row.created_by_id],
  );
  const current = isReplaced(row, head, branch)
    ? (await dataNodes(reader, "artifact", [Number(head.id)]))[0]
    : undefined;
  return {
    artifact: artifact!,
    current,
    createdBy: creator?.handle,
    createdAt: row.created_at,
    makers: await makersOf(reader, row.id, branch),
    recordedBy: await operationOf(reader, row),
  };
}

async function operationOf(reader: Reader, { id }: ArtifactRow): Promise<Story["recordedBy"]> {
  const owner = (await ownersOf(reader, "lamindb_artifact", [id])).get(id);
  if (owner === undefined) return undefined;
  return await reader.first<{ uid: string; command: string }>(
    "SELECT uid, command FROM lamin_operation WHERE id = ?",
    [owner.operation],
  );
}
