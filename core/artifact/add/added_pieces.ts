import type { ArtifactRow } from "../storage_key.ts";
import type { Decision } from "./decide.ts";
import { packTexts, unpackTexts } from "./packed_texts.ts";

/** What is kept of one source and what became of it: the rest is in the database. */
export interface KeptAdded {
  readonly kind: Decision["kind"] | "updated";
  /** Id of the artifact; undefined when it is only planned. */
  readonly id: number | undefined;
  readonly key: string | null;
  /** The path of a file in the work tree. */
  readonly workPath: string | undefined;
  /** All fields; of what is planned and of some others. */
  readonly draft: ArtifactRow | undefined;
}

/** Files of one kind with ids that follow each other, whose keys are their paths or have none. */
interface Run {
  readonly kind: KeptAdded["kind"];
  readonly firstId: number;
  readonly isInWorkTree: boolean;
  readonly keys: string;
}

export type AddedPiece = Run | readonly KeptAdded[];

/** Those of a large addition take as much memory as their keys do. */
export function packed(some: readonly KeptAdded[]): AddedPiece {
  const { kind, id: firstId, workPath } = some[0]!;
  if (firstId === undefined) return some;
  const isInWorkTree = workPath !== undefined;
  const isRun = some.every((one, nth) =>
    one.kind === kind && one.id === firstId + nth && one.draft === undefined &&
    one.key !== null && !one.key.includes("\0") &&
    one.workPath === (isInWorkTree ? one.key : undefined)
  );
  if (!isRun) return some;
  return { kind, firstId, isInWorkTree, keys: packTexts(some.map(({ key }) => key!)) };
}

export function unpacked(piece: AddedPiece): readonly KeptAdded[] {
  if (!("firstId" in piece)) return piece;
  const { kind, firstId, isInWorkTree, keys } = piece;
  return unpackTexts(keys).map((key, nth) => ({
    kind,
    id: firstId + nth,
    key,
    workPath: isInWorkTree ? key : undefined,
    draft: undefined,
  }));
}
