import type { Instance } from "../../../instance/instance.ts";
import type { Module } from "../../../module.ts";
import type { OperationName } from "../../../operation/mutate.ts";
import type { Registry } from "../../../registry/registry.ts";
import { cardOf } from "../../instance_card.ts";
import { instancePeer } from "../../instance_peer.ts";
import { shapesOf } from "../../open_side.ts";
import type { Channel, Frames, Turns } from "../channel.ts";
import type { JsonObject } from "../json.ts";
import { takePush } from "../push/take_push.ts";
import { answerSource } from "./source_service.ts";

/** An instance that is served. */
export interface ServedInstance {
  /** Opens it, for one request: whoever is slow keeps nobody else from it. */
  readonly open: (options: { readonly readOnly: boolean }) => Promise<Instance>;
  readonly registries: readonly Registry[];
  readonly modules: readonly Module[];
  /** In which order transactions of this process come. */
  readonly turns: Turns;
}

/** Answers what is asked of an instance that is only read. */
export async function* readInstance(
  { open, registries, modules }: ServedInstance,
  op: string,
  args: JsonObject,
): Frames {
  const instance = await open({ readOnly: true });
  try {
    const peer = await instancePeer(instance, registries);
    const card = () => cardOf(instance, modules);
    return yield* answerSource({ peer, shapes: shapesOf(registries), card }, op, args);
  } finally {
    await instance.close();
  }
}

/** Takes a push into an instance; `who` is what the log calls the one who pushes. */
export async function writeInstance(
  { open, registries, modules, turns }: ServedInstance,
  args: JsonObject,
  back: Channel,
  who: string | undefined,
): Promise<JsonObject> {
  const target = await open({ readOnly: args["dryRun"] === true });
  const operation = (slug: string): OperationName => ({
    verb: "push",
    command: ["push", slug, ...who === undefined ? [] : [`token ${who}`]],
  });
  try {
    return await takePush(
      { target, registries, modules, back, operation, alone: (work) => turns.run(work) },
      args,
    );
  } finally {
    await target.close();
  }
}
