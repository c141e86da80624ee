import type { Instance } from "../core/instance/instance.ts";
import { identityOf } from "../core/instance/identity.ts";
import { shapesOf } from "../core/sync/open_side.ts";
import { SettledStates, type Stamped } from "../core/sync/settled.ts";
import type { SyncRequest } from "../core/sync/sync.ts";
import {
  type DataChoice,
  transfer,
  type TransferRequest,
  unlessSettled,
} from "../core/sync/transfer.ts";
import type { PushResult } from "../core/sync/wire/push/result_json.ts";
import { withoutPassword } from "../store/without_password.ts";
import type { Context } from "./context.ts";
import { explainedBy } from "./explained_by.ts";
import { exitCode } from "./exit.ts";
import { choice, text, toggle } from "./flags.ts";
import { allRegistries, modules } from "./modules.ts";
import { describeSide, type Side, sourceOf } from "./remote_instance.ts";
import { tellAwaited } from "./tell_awaited.ts";
import { renderSync, syncJson, type SyncShown, tellLeft } from "./render/sync.ts";

/** What clone, pull and push can be told alike. */
export interface TransferFlags {
  readonly data?: DataChoice;
  readonly dryRun?: boolean;
}

/** Flags of pull and push alone. */
export interface ResolveFlags extends TransferFlags {
  readonly ours?: boolean;
  readonly theirs?: boolean;
  readonly newest?: boolean;
  readonly branch?: string;
  readonly deleted?: boolean;
}

export const dataFlag = (usual: string) =>
  choice(
    ["none", "latest", "all"],
    `Whose bytes come too: of no, latest or all versions (${usual})`,
  );

export const dryRunFlag = toggle("Only show what would be done");

export const resolveFlags = {
  ours: toggle("Where both sides changed a record, keep what the instance here has"),
  theirs: toggle("Where both sides changed a record, take what the remote has"),
  newest: toggle("Where both sides changed a record, take the one that was changed last"),
  deleted: toggle("Bring again what was deleted on the side that takes"),
  branch: text("name", "Only what lies on this branch of the side that gives"),
};

/** One transfer of a verb. */
export interface TransferOrder {
  readonly source: Side;
  readonly target: Side;
  /** Which of the two one stands in. */
  readonly here: Instance;
  /** Name of the remote, or its URL. */
  readonly remote: string;
  /** Conditions on artifacts, as `list` takes them. */
  readonly conditions: readonly string[];
  readonly branch?: string | undefined;
  readonly resolution?: SyncRequest["resolution"];
  readonly withDeleted?: boolean;
  readonly zeroCopy?: boolean;
  readonly data: DataChoice;
  readonly dryRun: boolean;
  /** Opens the source for writing, where it was opened for reading alone. */
  readonly reopen?: () => Promise<Side>;
  /** `here` or `to lab`. */
  readonly direction: string;
  /** The verb's name. */
  readonly verb: string;
}

/** Does a transfer, prints what it came to, and gives the exit code. */
export async function runTransfer(context: Context, order: TransferOrder): Promise<number> {
  const { output } = context;
  const progress = output.progress(order.verb === "push" ? "sending" : "fetching");
  try {
    const { result, moved } = await explainedBy(
      [order.source, order.target],
      () =>
        transferred(context, order, {
          onTotal: (bytes) => progress.expect(bytes),
          onProgress: (bytes, files) => progress.advance(bytes, files),
        }),
    );
    progress.end();
    const { instance, wire } = order.target;
    const shown: SyncShown = {
      remote: withoutPassword(order.remote),
      slug: wire === undefined ? instance.slug : wire.hello.slug,
      result,
      moved,
      dryRun: order.dryRun,
    };
    output.result(syncJson(shown), () => renderSync(shown, order.direction, output));
    tellLeft(shown, output);
    if (moved.lacking.some(({ why }) => why.code === "damaged")) return exitCode.damaged;
    return result.conflicts.length > 0 ? exitCode.different : exitCode.ok;
  } finally {
    progress.end();
  }
}

async function transferred(
  context: Context,
  order: TransferOrder,
  progress: Pick<TransferRequest, "onTotal" | "onProgress">,
): Promise<Omit<PushResult, "stamp">> {
  const { source, target, conditions, branch, here, ...rest } = order;
  const isChosen = conditions.length > 0 || branch !== undefined;
  const choice = isChosen ? { conditions, branch } : undefined;
  const registries = allRegistries();
  const request = { ...rest, ...progress, choice, source: await sourceOf(source) };
  const [from, to] = [stampedOf(source), stampedOf(target)];
  const key = `${await placeOf(source)} ${await placeOf(target)} ${order.data}`;
  const settled = new SettledStates(here, from, to, key);
  if (target.wire === undefined) {
    const name = context.operation(order.verb);
    const afterwards = () => tellAwaited(source, target, order.reopen);
    const known = { registries, modules, afterwards, settled };
    return await transfer({ ...request, ...known, target: target.instance }, name);
  }
  const { push } = await import("../core/sync/wire/push/push.ts");
  const { channel } = target.wire;
  return await unlessSettled({ ...request, settled }, async () => {
    const pushed = await push(channel, {
      ...request,
      resolution: order.resolution,
      withDeleted: order.withDeleted ?? false,
      card: await describeSide(source),
      shapes: shapesOf(registries),
    });
    to.stampAfterWrite = () => Promise.resolve(pushed.stamp ?? undefined);
    return pushed;
  });
}

/** What tells whether a side changed; a server says it once. */
function stampedOf({ instance, wire }: Side): { -readonly [K in keyof Stamped]: Stamped[K] } {
  if (wire === undefined) {
    const { database } = instance;
    return {
      stamp: () => database.stamp(),
      stampAfterWrite: () => database.stampAfterWrite(),
    };
  }
  const { stamp } = wire.hello;
  return {
    stamp: () => stamp ?? undefined,
    stampAfterWrite: () => Promise.resolve(undefined),
  };
}

async function placeOf({ instance, wire }: Side): Promise<string> {
  if (wire !== undefined) return `${wire.hello.uid} ${wire.url}`;
  const { uid } = await identityOf(instance);
  return `${uid} ${instance.location.root}`;
}

/** Who is right where both changed a record, seen from the target. */
export function resolutionOf(
  { ours, theirs, newest }: ResolveFlags,
  isPush: boolean,
): SyncRequest["resolution"] {
  if (newest) return "newest";
  if (ours) return isPush ? "theirs" : "ours";
  if (theirs) return isPush ? "ours" : "theirs";
  return undefined;
}
