import type { Instance } from "../core/instance/instance.ts";
import { identityOf } from "../core/instance/identity.ts";
import { SettledStates } from "../core/sync/settled.ts";
import { instancePeer } from "../core/sync/instance_peer.ts";
import type { SyncRequest } from "../core/sync/sync.ts";
import { type DataChoice, transfer } from "../core/sync/transfer.ts";
import { withoutPassword } from "../store/without_password.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import { choice, text, toggle } from "./flags.ts";
import { allRegistries } from "./modules.ts";
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
  readonly source: Instance;
  readonly target: Instance;
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
  /** `here` or `to lab`. */
  readonly direction: string;
  /** The verb's name. */
  readonly verb: string;
}

/** Does a transfer, prints what it came to, and gives the exit code. */
export async function runTransfer(context: Context, order: TransferOrder): Promise<number> {
  const { output } = context;
  const { conditions, branch, here: _, ...request } = order;
  const isChosen = conditions.length > 0 || branch !== undefined;
  const source = await instancePeer(order.source, allRegistries());
  const progress = output.progress(order.verb === "push" ? "sending" : "fetching");
  try {
    const { result, moved } = await transfer({
      ...request,
      source,
      registries: allRegistries(),
      settled: new SettledStates(
        order.here,
        order.source,
        order.target,
        `${await placeOf(order.source)} ${await placeOf(order.target)}`,
      ),
      choice: isChosen ? { conditions, branch } : undefined,
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    }, context.operation(order.verb));
    progress.end();
    const shown: SyncShown = {
      remote: withoutPassword(order.remote),
      slug: order.target.slug,
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

async function placeOf(instance: Instance): Promise<string> {
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
