import { LaminError } from "../../store/errors.ts";
import type { OperationName } from "../operation/mutate.ts";
import { awaitedUids, withoutUnknown } from "./contents/awaited.ts";
import { type Carried, carryContents } from "./contents/carry.ts";
import { type ContentsPlan, type LackingContent, planContents } from "./contents/plan.ts";
import { fetchContents } from "./fetch/fetch.ts";
import type { SettledStates } from "./settled.ts";
import { planned, planOf, sync, type SyncRequest, type SyncResult } from "./sync.ts";

/** Of which of the artifacts that come the bytes come too. */
export type DataChoice = "none" | "latest" | "all";

export interface TransferRequest extends SyncRequest {
  readonly data: DataChoice;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Remembers that there is nothing to do; for whole instances only. */
  readonly settled?: SettledStates | undefined;
  /** Done once all is there; not where nothing had to be looked at. */
  readonly afterwards?: (() => Promise<void>) | undefined;
  /** Called with the bytes that move, and with each piece of them. */
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

export interface Transferred {
  readonly result: SyncResult;
  /** What moved, or would; a content that several artifacts have counts once. */
  readonly moved: {
    readonly objects: number;
    readonly bytes: number;
    /** Artifacts whose bytes could not be had, and why. */
    readonly lacking: readonly LackingContent[];
  };
}

/**
 * Brings rows, and before them the bytes that are wanted: what is interrupted leaves whole objects
 * at the target, and the same command goes on from there.
 */
export async function transfer(
  request: TransferRequest,
  name: OperationName,
): Promise<Transferred> {
  return await unlessSettled(request, async () => {
    const work = async () => carriedOver(await withReferable(request), name);
    const transferred = await untilFirst(request, work);
    if (!request.dryRun) await request.afterwards?.();
    return transferred;
  });
}

/** What a transfer came to, as far as it tells whether anything is left to do. */
interface Outcome {
  readonly result: Pick<SyncResult, "conflicts" | "cannotCarry"> & {
    readonly applied: { readonly refused: readonly unknown[] } | undefined;
  };
  readonly moved: { readonly lacking: readonly unknown[] };
}

/** Does a transfer unless there was nothing to do and nothing changed on either side since. */
export async function unlessSettled<T extends Outcome>(
  request: Pick<
    TransferRequest,
    "choice" | "resolution" | "withDeleted" | "zeroCopy" | "dryRun" | "settled"
  >,
  work: () => Promise<T>,
): Promise<T | Transferred> {
  const settled = isWhole(request) ? request.settled : undefined;
  if (settled?.isSettled()) return { result: nothing, moved: nothingMoved };
  const transferred = await work();
  const { result, moved: { lacking } } = transferred;
  const left = result.conflicts.length + result.cannotCarry.length + lacking.length;
  const isDone = left === 0 && (result.applied?.refused.length ?? 0) === 0;
  if (isDone && !request.dryRun) await settled?.note();
  return transferred;
}

/** How often one tries again that others were faster. */
const attempts = 10;

/**
 * Runs `work` again when another one changed a database in a bucket meanwhile: what is there by now
 * is not brought again.
 */
async function untilFirst<T>({ target }: TransferRequest, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isOvertaken = error instanceof LaminError && error.code === "busy" &&
        target.location.database.kind === "bucket";
      if (!isOvertaken || attempt === attempts) throw error;
    }
  }
}

function isWhole(
  { choice, resolution, withDeleted = false, zeroCopy = false }: Pick<
    TransferRequest,
    "choice" | "resolution" | "withDeleted" | "zeroCopy"
  >,
): boolean {
  return choice === undefined && resolution === undefined && !withDeleted && !zeroCopy;
}

const nothingMoved = { objects: 0, bytes: 0, lacking: [] };

const nothing: SyncResult = {
  tables: [],
  records: 0,
  changed: 0,
  same: 0,
  isNothing: true,
  artifacts: [],
  conflicts: [],
  referred: 0,
  unrecorded: [],
  cannotCarry: [],
  applied: undefined,
  operation: undefined,
};

/** Of what came before without bytes, those that a zero-copy pull reads at the source. */
async function withReferable(request: TransferRequest): Promise<TransferRequest> {
  if (!request.zeroCopy) return request;
  const { referable } = await import("./zero_copy/refer.ts");
  return { ...request, referable: await referable(request.target, request.source.contents) };
}

async function carriedOver(request: TransferRequest, name: OperationName): Promise<Transferred> {
  if (request.data === "none") {
    const result = await (request.dryRun ? planOf(request) : sync(request, name));
    return { result, moved: nothingMoved };
  }
  if (!request.dryRun) request.target.requireWritable();
  const { result: plan, made } = await planned(request);
  const { contents: source } = request.source;
  const awaited = await wantedAmong(request, await awaitedUids(request));
  const uids = new Set([...await wantedAmong(request, plan.artifacts), ...awaited]);
  const all = await planContents(request.target, source, [...uids]);
  const contents = withoutUnknown(all, awaited);
  request.onTotal?.(contents.bytes);
  if (request.dryRun) return { result: plan, moved: amountOf(contents) };
  const carried = await carryContents(request.target, source, contents, request);
  try {
    const result = await sync({ ...request, carried, made }, name);
    const moved = movedWith(contents, carried, result);
    const known = new Set(plan.artifacts);
    const late = result.artifacts.filter((uid) => !known.has(uid));
    return { result, moved: await withLate(request, name, moved, late) };
  } finally {
    carried.end();
  }
}

/** Brings also the bytes of artifacts that somebody added at the source since it was planned. */
async function withLate(
  request: TransferRequest,
  name: OperationName,
  moved: Transferred["moved"],
  late: readonly string[],
): Promise<Transferred["moved"]> {
  const uids = await wantedAmong(request, late);
  if (uids.length === 0) return moved;
  const { target, source, onProgress } = request;
  const { objects, bytes, lacking } = await fetchContents(
    target,
    [{ source: source.contents, uids }],
    { operation: name, dryRun: false, ...(onProgress === undefined ? {} : { onProgress }) },
  );
  return {
    objects: moved.objects + objects,
    bytes: moved.bytes + bytes,
    lacking: [...moved.lacking, ...lacking],
  };
}

function amountOf({ objects, bytes, lacking }: ContentsPlan): Transferred["moved"] {
  return { objects, bytes, lacking };
}

function movedWith(
  { lacking }: ContentsPlan,
  { objects, bytes, failed }: Carried,
  { unrecorded }: SyncResult,
): Transferred["moved"] {
  return { objects, bytes, lacking: [...lacking, ...failed, ...unrecorded] };
}

async function wantedAmong(
  { source, data }: TransferRequest,
  uids: readonly string[],
): Promise<readonly string[]> {
  return data === "all" || uids.length === 0
    ? uids
    : await source.read((state) => state.latestAmong(uids));
}
