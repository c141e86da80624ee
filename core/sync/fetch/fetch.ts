import type { LaminError } from "../../../store/errors.ts";
import type { Instance } from "../../instance/instance.ts";
import { mutate, type OperationName } from "../../operation/mutate.ts";
import { type Carried, carryContents } from "../contents/carry.ts";
import { type ContentsPlan, type LackingContent, planContents } from "../contents/plan.ts";
import { recordContents } from "../contents/record.ts";
import { plural } from "../../text/quantity.ts";
import type { ContentSource } from "../contents/source.ts";

/** Artifacts, and where their bytes come from. */
export interface FetchPart {
  readonly source: ContentSource;
  readonly uids: readonly string[];
  /** Whether those come too that the instance reads where they lie, in storages of others. */
  readonly evenElsewhere?: boolean;
}

export interface FetchRequest {
  readonly operation: OperationName;
  /** What the log says of the artifacts: "fetched" unless given. */
  readonly outcome?: string;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Called with the amount of work, and with each piece done. */
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** What became of artifacts whose bytes were to come. */
export interface Fetched {
  /** Uids of those that are here now, or would be. */
  readonly fetched: readonly string[];
  /** Of what moves: contents that several artifacts have, or that were here, count once or not. */
  readonly objects: number;
  readonly files: number;
  readonly bytes: number;
  /** Those whose bytes could not be had, and why. */
  readonly lacking: readonly LackingContent[];
  /** Uid of the operation, if any arrived. */
  readonly operation: string | undefined;
}

/**
 * Brings the bytes of artifacts that came without them, from one or several sources, as one
 * operation. Those that cannot be had do not stop the others. Interrupted, it leaves whole objects,
 * and the same command goes on from there.
 */
export async function fetchContents(
  instance: Instance,
  parts: readonly FetchPart[],
  request: FetchRequest,
): Promise<Fetched> {
  if (!request.dryRun) instance.requireWritable();
  const planned: [FetchPart, ContentsPlan][] = [];
  for (const part of parts) {
    planned.push([part, await planContents(instance, part.source, part.uids, part)]);
  }
  const plans = planned.map(([, plan]) => plan);
  const sum = (count: (plan: ContentsPlan) => number) =>
    plans.reduce((total, plan) => total + count(plan), 0);
  request.onTotal?.(sum(({ bytes }) => bytes));
  const lacking = plans.flatMap((plan) => plan.lacking);
  if (request.dryRun) {
    return {
      fetched: plans.flatMap((plan) => plan.planned.map(({ uid }) => uid)),
      objects: sum(({ objects }) => objects),
      files: sum(({ files }) => files),
      bytes: sum(({ bytes }) => bytes),
      lacking,
      operation: undefined,
    };
  }
  if (parts.length === 0) await tidyUp(instance);
  const carried: Carried[] = [];
  try {
    for (const [{ source }, plan] of planned) {
      carried.push(await carryContents(instance, source, plan, request));
    }
    const told = await recordAll(instance, request, carried);
    return { ...told, lacking: [...lacking, ...told.lacking] };
  } finally {
    for (const { end } of carried) end();
  }
}

/** Removes what processes that died had staged, as carrying does, where nothing is to come. */
async function tidyUp(instance: Instance): Promise<void> {
  const batch = instance.blobs.batch();
  await batch.publish();
  batch.discard();
}

async function recordAll(
  instance: Instance,
  { operation: name, outcome = "fetched" }: FetchRequest,
  carried: readonly Carried[],
): Promise<Fetched> {
  const stored = carried.flatMap((one) => one.stored);
  const failed = carried.flatMap((one) => one.failed);
  const moved = {
    objects: carried.reduce((sum, { objects }) => sum + objects, 0),
    files: carried.reduce((sum, { files }) => sum + files, 0),
    bytes: carried.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  if (stored.length === 0) {
    return { fetched: [], ...moved, lacking: failed, operation: undefined };
  }
  const { result, operation } = await mutate(instance, name, async (changes) => {
    const result = await recordContents(changes, instance, stored);
    const { length } = result.recorded;
    return { result, summary: `${plural(length, "artifact")} ${outcome}` };
  });
  return {
    fetched: result.recorded,
    ...moved,
    lacking: [...failed, ...result.refused],
    operation,
  };
}

/** The failure to tell when something could not be had, as the worst of them. */
export function worstOf(lacking: readonly LackingContent[]): LaminError["code"] | undefined {
  const codes = lacking.map(({ why }) => why.code);
  return codes.find((code) => code === "denied") ?? codes.find((code) => code === "damaged") ??
    codes[0];
}
