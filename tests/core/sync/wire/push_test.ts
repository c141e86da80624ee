/** A target that asks for more than what is pushed to it. */

import { deepEqual, equal, match } from "node:assert/strict";
import { allRegistries } from "../../../../cli/modules.ts";
import { cardOf } from "../../../../core/sync/instance_card.ts";
import { instancePeer } from "../../../../core/sync/instance_peer.ts";
import { shapesOf } from "../../../../core/sync/open_side.ts";
import { Answer, type Channel, type Serve } from "../../../../core/sync/wire/channel.ts";
import type { Frame } from "../../../../core/sync/wire/frame.ts";
import type { JsonObject } from "../../../../core/sync/wire/json.ts";
import { push } from "../../../../core/sync/wire/push/push.ts";
import type { Instance } from "../../../../core/instance/instance.ts";
import { opened, withLabs } from "../two_labs.ts";

/** What a target gets that asks so many things instead of answering. */
async function gotBy(
  instance: Instance,
  how: { readonly conditions: readonly string[]; readonly data: "none" | "all" },
  questions: readonly (readonly [op: string, args: JsonObject])[],
): Promise<string[]> {
  const got: string[] = [];
  const channel: Channel = {
    call: async (_op, _args, serve?: Serve) => {
      for (const [op, args] of questions) got.push(await textOf(serve!(op, args)));
      const end: Frame[] = [{ kind: "end", bytes: new TextEncoder().encode("{}") }];
      return new Answer({ read: () => Promise.resolve(end.shift()) });
    },
    close: () => Promise.resolve(),
  };
  const registries = allRegistries();
  await push(channel, {
    source: await instancePeer(instance, registries),
    card: await cardOf(instance, []),
    shapes: shapesOf(registries),
    choice: { conditions: how.conditions, branch: undefined },
    resolution: undefined,
    data: how.data,
    dryRun: true,
    withDeleted: false,
  }).catch((error) => match(error.message, /does not speak/));
  return got;
}

async function textOf(frames: ReturnType<Serve>): Promise<string> {
  let text = "";
  try {
    for await (const { bytes } of frames) text += new TextDecoder().decode(bytes);
    return text;
  } catch (error) {
    return `${text}${(error as Error).message}`;
  }
}

Deno.test("push: a target gets no row and no byte of what was not chosen", async () => {
  await withLabs(["alpha"], async (alpha) => {
    await alpha!.lamin("init");
    alpha!.write("public.txt", "of public");
    alpha!.write("secret.txt", "of secret");
    await alpha!.lamin("add", "public.txt", "secret.txt");
    const rows = await alpha!.json("list", "artifact");
    const [open, secret] = ["public.txt", "secret.txt"].map((key) =>
      rows.find((row) => row.key === key)
    );
    await opened(alpha!, async (instance) => {
      const ids = [open.id, secret.id];
      const table = "lamindb_artifact";
      const questions = [
        ["rows", { table, ids }],
        ["describe", { uids: [open.uid, secret.uid] }],
        ["files", { files: [[open.uid, ""], [secret.uid, ""]] }],
        ["select", { conditions: [], branch: null }],
        ["versions", { table, ids }],
        ["push", {}],
        ["rows", { table: 'lamindb_user" --', ids }],
      ] as const;
      const chosen = { conditions: ["key=public.txt"], data: "all" } as const;
      const [row, described, files, selected, versions, ...others] = await gotBy(
        instance,
        chosen,
        questions,
      );
      for (const text of [row, described, files, selected, versions]) {
        equal(text!.includes("secret"), false, text);
        equal(text!.includes(secret.uid) && text !== files, false, text);
      }
      match(files!, /of public.*not what was to be pushed/s);
      const artifacts = selected!.split("\n").find((line) => line.includes(`"${table}"`));
      deepEqual(JSON.parse(artifacts!), [table, [open.id]]);
      for (const text of others) match(text, /does not know/);

      const bare = await gotBy(instance, { ...chosen, data: "none" }, questions);
      equal(bare[1], "", "nothing is described where no bytes go");
      equal(bare[2]!.includes("of public"), false);
    });
  });
});
