/** A server in this process that serves a lab as the real one does, but for what a test changes. */

import { allRegistries, modules } from "../../../../cli/modules.ts";
import { remoteStores } from "../../../../cli/remote_stores.ts";
import { openInstance } from "../../../../core/instance/open.ts";
import { type Frames, Turns } from "../../../../core/sync/wire/channel.ts";
import type { Patience } from "../../../../core/sync/wire/deadline.ts";
import type { Frame } from "../../../../core/sync/wire/frame.ts";
import type { JsonObject } from "../../../../core/sync/wire/json.ts";
import { readHello } from "../../../../core/sync/wire/peer/hello.ts";
import { WirePeer } from "../../../../core/sync/wire/peer/wire_peer.ts";
import { readInstance } from "../../../../core/sync/wire/service/instance_service.ts";
import { sentFrames } from "../../../../core/sync/wire/service/sent_frames.ts";
import { HttpChannel } from "../../../../core/sync/wire/transport/http_channel.ts";
import { shapesOf } from "../../../../core/sync/open_side.ts";
import { type DataChoice, transfer, type Transferred } from "../../../../core/sync/transfer.ts";
import { denoHost } from "../../../../store/host/deno.ts";
import { listenHttp } from "../../../../store/host/http_server.ts";
import { HttpClient } from "../../../../store/objects/http/http_client.ts";
import { usualPatience as usualHttpPatience } from "../../../../store/objects/http/retry.ts";
import { testEnvironment } from "../../../test_database.ts";
import { type Lab, opened } from "../two_labs.ts";

/** Makes something else of an answer; `count` says how often that was asked before. */
export type Lie = (op: string, frames: Frames, count: number) => Frames;

/** Serves a lab for as long as `work` takes. */
export async function withLies(
  lab: Lab,
  lie: Lie,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const host = {
    ...denoHost(),
    homeDirectory: () => lab.home,
    workingDirectory: () => lab.root,
    environment: (name: string) => testEnvironment[name],
  };
  const registries = allRegistries();
  const served = {
    registries,
    modules,
    turns: new Turns(),
    open: ({ readOnly }: { readonly readOnly: boolean }) =>
      openInstance(host, {
        openRemote: (at) => remoteStores(host, at),
        wanted: lab.root,
        readOnly,
        loadRegistries: () => Promise.resolve(registries),
      }),
  };
  const counts = new Map<string, number>();
  const server = await listenHttp({ host: "127.0.0.1", port: 0 }, async (request) => {
    const op = request.path.split("/").at(-1)!;
    const count = counts.get(op) ?? 0;
    counts.set(op, count + 1);
    const args = JSON.parse(new TextDecoder().decode(await request.body(1 << 20)));
    const body = sentFrames(lie(op, readInstance(served, op, args), count));
    return { status: 200, headers: {}, body };
  });
  try {
    await work(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.close();
  }
}

/** Brings everything from such a server to a lab, without much patience. */
export async function pullFrom(
  url: string,
  to: Lab,
  options: { readonly data?: DataChoice; readonly patience?: Partial<Patience> } = {},
): Promise<Transferred> {
  const registries = allRegistries();
  const patience = { silenceMs: 20_000, slowest: 1024, workMs: 20_000, ...options.patience };
  return await opened(to, async (target) => {
    const client = new HttpClient({ ...usualHttpPatience, attempts: 1 });
    const channel = new HttpChannel({ url, token: undefined }, patience, client);
    const { uid, slug } = await readHello(channel);
    const hashing = await target.host.hashing();
    const shapes = shapesOf(registries);
    const source = new WirePeer({ channel, host: target.host, hashing, shapes, uid, slug });
    try {
      return await transfer({
        source,
        target,
        registries,
        remote: "lab",
        data: options.data ?? "none",
        dryRun: false,
      }, { verb: "pull", command: ["pull"] });
    } finally {
      source.end();
    }
  });
}

/** Changes the frames of an answer one by one; a change to undefined leaves one out. */
export async function* changing(
  frames: Frames,
  change: (frame: Frame, index: number) => Frame | undefined,
): Frames {
  for (let index = 0;; index++) {
    const next: IteratorResult<Frame, JsonObject> = await frames.next();
    if (next.done) return next.value;
    const changed = change(next.value, index);
    if (changed !== undefined) yield changed;
  }
}

/** Changes the text of the data of an answer. */
export function editing(frames: Frames, edit: (text: string) => string): Frames {
  return changing(frames, ({ kind, bytes }) => ({
    kind,
    bytes: kind === "data"
      ? new TextEncoder().encode(edit(new TextDecoder().decode(bytes)))
      : bytes,
  }));
}
