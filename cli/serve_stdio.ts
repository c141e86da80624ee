import { LaminError } from "../store/errors.ts";
import { openRemoteInstance } from "../core/sync/remote/open_remote.ts";
import { remoteUrl } from "../core/sync/remote/remotes.ts";
import { type Channel, type Frames, Turns } from "../core/sync/wire/channel.ts";
import type { JsonObject } from "../core/sync/wire/json.ts";
import {
  readInstance,
  type ServedInstance,
  writeInstance,
} from "../core/sync/wire/service/instance_service.ts";
import { servePipe } from "../core/sync/wire/transport/serve_pipe.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import { allRegistries, modules } from "./modules.ts";

/** Answers over the standard streams until they end. */
export async function serveStdio(
  context: Context,
  folder: string | undefined,
  isReadOnly: boolean,
): Promise<number> {
  const { terminal } = context.host;
  const served = await servedAt(context, folder ?? context.wanted ?? ".");
  const input = terminal.input()[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await input.next();
    return done ? undefined : value;
  };
  // deno-lint-ignore require-await
  const write = async (bytes: Uint8Array) => terminal.writeOutput(bytes);
  await servePipe(
    { next, write, close: () => Promise.resolve() },
    (op, args, back) => {
      if (op !== "push") return readInstance(served, op, args);
      return pushed(served, args, back, isReadOnly);
    },
    { failed: (error) => context.output.warn(`failed: ${String(error)}`) },
  );
  return exitCode.ok;
}

// A generator, as all that answers is one.
// deno-lint-ignore require-yield
async function* pushed(
  served: ServedInstance,
  args: JsonObject,
  back: Channel,
  isReadOnly: boolean,
): Frames {
  if (isReadOnly) throw new LaminError("denied", "the other side takes no push");
  return await writeInstance(served, args, back, undefined);
}

async function servedAt(context: Context, folder: string): Promise<ServedInstance> {
  const openRemote = await context.remotes();
  const registries = allRegistries();
  const place = remoteUrl(context.host, folder);
  return {
    registries,
    modules,
    turns: new Turns(),
    open: ({ readOnly }) =>
      openRemoteInstance(context.host, place, {
        readOnly,
        loadRegistries: () => Promise.resolve(registries),
        openRemote,
        knownModules: modules,
      }),
  };
}
