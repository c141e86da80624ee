import type { Instance } from "../../../instance/instance.ts";
import type { Module } from "../../../module.ts";
import type { OperationName } from "../../../operation/mutate.ts";
import type { Registry } from "../../../registry/registry.ts";
import { shownStamp } from "../../instance_card.ts";
import { shapesOf } from "../../open_side.ts";
import type { SyncRequest } from "../../sync.ts";
import { transfer } from "../../transfer.ts";
import type { Channel } from "../channel.ts";
import type { JsonObject } from "../json.ts";
import { readHello } from "../peer/hello.ts";
import { WirePeer } from "../peer/wire_peer.ts";
import { orderIn } from "./order.ts";
import { resultJson } from "./result_json.ts";

/** What is pushed to, and by whom. */
export interface PushTaken {
  readonly target: Instance;
  readonly registries: readonly Registry[];
  readonly modules: readonly Module[];
  /** Asks the one who pushes. */
  readonly back: Channel;
  /** Runs a transaction: two of one process would wait for each other. */
  readonly alone: NonNullable<SyncRequest["alone"]>;
  /** What the log calls it. */
  readonly operation: (slug: string) => OperationName;
}

/**
 * Takes what another instance pushes: it is a pull from the one who pushes, who answers what it is
 * asked. All that comes is checked as what comes from any stranger.
 */
export async function takePush(taken: PushTaken, args: JsonObject): Promise<JsonObject> {
  const { target, registries, modules, back } = taken;
  const { isChosen, ...order } = orderIn(args);
  const { uid, slug } = await readHello(back);
  const hashing = await target.host.hashing();
  const shapes = shapesOf(registries);
  const source = new WirePeer({ channel: back, host: target.host, hashing, shapes, uid, slug });
  let told: Promise<unknown> = Promise.resolve();
  try {
    const transferred = await transfer({
      ...order,
      source,
      target,
      registries,
      modules,
      remote: slug,
      alone: taken.alone,
      // Who pushes says what is chosen.
      choice: isChosen ? { conditions: [], branch: undefined } : undefined,
      onTotal: (bytes) => {
        told = back.call("total", { bytes }).then((answer) => answer.end()).catch(() => {});
      },
    }, taken.operation(slug));
    await told;
    const stamp = await shownStamp(target, await target.database.stampAfterWrite());
    return resultJson(transferred, stamp);
  } finally {
    source.end();
  }
}
