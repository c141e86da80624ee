import type { Resolution } from "../../plan/resolve.ts";
import type { DataChoice } from "../../transfer.ts";
import { notSpoken } from "../frame.ts";
import { type JsonObject, textIn } from "../json.ts";

/** What the one who pushes asks the target to do. */
export interface PushOrder {
  /** Whether a choice of artifacts is to come with what they need; else everything is. */
  readonly isChosen: boolean;
  readonly resolution: Resolution | undefined;
  readonly data: DataChoice;
  readonly dryRun: boolean;
  readonly withDeleted: boolean;
}

const resolutions: readonly unknown[] = ["ours", "theirs", "newest"] satisfies Resolution[];
const choices: readonly unknown[] = ["none", "latest", "all"] satisfies DataChoice[];

export function orderJson({ resolution, ...order }: PushOrder): JsonObject {
  return { ...order, resolution: resolution ?? null };
}

/** Throws code "failed" for what is no order. */
export function orderIn(args: JsonObject): PushOrder {
  const { isChosen, resolution, data, dryRun, withDeleted } = args;
  const hasResolution = resolution !== null && resolution !== undefined;
  if (hasResolution && !resolutions.includes(resolution)) throw notSpoken();
  if (!choices.includes(textIn(data))) throw notSpoken();
  return {
    isChosen: isChosen === true,
    resolution: hasResolution ? resolution as Resolution : undefined,
    data: data as DataChoice,
    dryRun: dryRun === true,
    withDeleted: withDeleted === true,
  };
}
