import { timestamp } from "../../../store/database/values.ts";
import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Instance } from "../../instance/instance.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate, type OperationName } from "../../operation/mutate.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { ArtifactRow } from "../storage_key.ts";
import { Carrier } from "./carry.ts";
import { moveSource } from "./families.ts";
import {
  asLying,
  type FileMove,
  fileMoves,
  type FileState,
  isNamedElsewhere,
  namedPlace,
} from "./file_moves.ts";
import { carryIndex } from "./index_entries.ts";
import { knownContents } from "./moved_by_hand.ts";
import { type NewKey, newKeys } from "./new_keys.ts";
import { refuseTakenKeys } from "./obstacles.ts";
import { type Pointer, pointersTo } from "./pointers.ts";

export interface MoveRequest {
  readonly operation: OperationName;
  /** A reference, or a folder of keys. */
  readonly source: string;
  readonly destination: string;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

export interface MovedArtifact {
  /** The version that speaks for the artifact, with its new key. */
  readonly row: ArtifactRow;
  readonly from: string | null;
  /** How many versions got the key. */
  readonly versions: number;
  readonly file: FileState;
}

export interface MoveResult {
  readonly moved: readonly MovedArtifact[];
  /** Uid of the operation. */
  readonly operation: string | undefined;
}

interface Plan {
  readonly keys: readonly NewKey[];
  readonly pointers: readonly Pointer[];
  readonly moves: readonly FileMove[];
  readonly moved: readonly MovedArtifact[];
}

/**
 * Gives an artifact, or all below a folder of keys, another key: every version, on every branch and
 * in the trash, in one operation. The file in the work tree goes along, and bytes that were
 * registered in place too, which at no moment lack the name that their row has
 * (core/artifact/move/carry.ts). A file that was moved by hand already is only recorded.
 *
 * Throws code "not_found", "ambiguous", "usage" for another suffix or a destination outside,
 * "denied" for a key that cannot be written, "conflict" when a key or a path is taken.
 */
export async function move(instance: Instance, request: MoveRequest): Promise<MoveResult> {
  if (request.dryRun) {
    const { moved } = await instance.database.read((reader) => plan(instance, reader, request));
    return { moved, operation: undefined };
  }
  const carrier = new Carrier();
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const planned = await plan(instance, changes.reader, request);
    await setKeys(instance, changes, planned);
    await carrier.begin(planned.moves);
    return { result: planned, summary: summaryOf(planned.moved) };
  }).catch((error) => {
    carrier.undo();
    throw error;
  });
  await carrier.finish();
  await carryIndex(instance, result.moved);
  return { moved: result.moved, operation };
}

async function plan(instance: Instance, reader: Reader, request: MoveRequest): Promise<Plan> {
  const source = await moveSource(instance, reader, request.source);
  const keys = await newKeys(instance, reader, source, request.destination);
  const changed = keys.filter(({ row, key }) => row.key !== key);
  if (changed.length === 0) {
    throw new LaminError("conflict", `${request.source} has the key ${keys[0]?.key} already`, {
      data: { source: request.source },
    });
  }
  await refuseTakenKeys(reader, keys);
  const pointers = await pointersTo(reader, changed.map((one) => asLying(instance, one)));
  const known = await knownContents(reader, source.families.map(({ head }) => head));
  const byFamily = Map.groupBy(changed, ({ row }) => stemUid(row.uid));
  const moves: FileMove[] = [];
  const moved: MovedArtifact[] = [];
  for (const { head } of source.families) {
    const own = byFamily.get(stemUid(head.uid));
    if (own === undefined) continue;
    const files = await fileMoves(instance, reader, own, head, known);
    moves.push(...files.moves);
    const key = (own.find(({ row }) => row.id === head.id) ?? own[0]!).key;
    moved.push({
      row: { ...head, key },
      from: head.key,
      versions: own.length,
      file: files.state,
    });
  }
  return { keys: changed, pointers, moves, moved };
}

async function setKeys(instance: Instance, changes: Changes, planned: Plan): Promise<void> {
  const updated_at = timestamp(instance.host.now());
  for (const [key, group] of Map.groupBy(planned.keys, ({ key }) => key)) {
    const rows = group.map(({ row }) => row);
    const [elsewhere, here] = [true, false].map((wanted) =>
      rows.filter((row) => isNamedElsewhere(instance, row) === wanted)
    ) as [ArtifactRow[], ArtifactRow[]];
    await changes.update(artifact, here, { key, updated_at });
    for (const row of elsewhere) {
      await changes.update(artifact, [row], { key, updated_at, ...namedPlace(row) });
    }
  }
  for (const { row, realKey } of planned.pointers) {
    await changes.update(artifact, [row], { _real_key: realKey });
  }
}

function summaryOf(moved: readonly MovedArtifact[]): string {
  const [first] = moved;
  return moved.length === 1
    ? `${first!.from ?? first!.row.uid} to ${first!.row.key}`
    : `${moved.length} artifacts, ${first!.from} to ${first!.row.key} first`;
}
