/** Labs that bring each other what they have over ssh, by a real sshd. */

import { deepEqual, equal, match } from "node:assert/strict";
import { digestsOf } from "../core/sync/digests.ts";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { say } from "../cli/in_process.ts";
import { test } from "../skip.ts";
import { noSshd, type SshServer, withSsh } from "./ssh_server.ts";

/** What people of a lab type where ssh is set up. */
function typing(lab: Lab, { environment }: SshServer, root = lab.root) {
  const run = (...words: readonly string[]) =>
    say({ folder: root, home: lab.home, environment }, ...words);
  return {
    run,
    json: async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await run(...words, "--json");
      equal(code, 0, stderr);
      return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
  };
}

test(
  "ssh: clone, fetch, push and pull; both sides come to the same",
  noSshd,
  async () => {
    await withLabs(["it's alpha", "beta"], async (alpha, beta) => {
      await alpha!.lamin("init", "--name", "alpha");
      alpha!.write("raw/a.csv", "x\n1\n");
      alpha!.write("raw/large.bin", "large".repeat(1_000_000));
      await alpha!.lamin("add", "raw");
      await withSsh(alpha!, async (server) => {
        const outside = typing(beta!, server);
        const url = `${server.origin}${encodeURI(alpha!.root)}`;
        const cloned = await outside.run("clone", url, "atlas", "--data", "latest");
        equal(cloned.code, 0, cloned.stderr);
        const root = `${beta!.root}/atlas`;
        const there = typing(beta!, server, root);
        const lab = { ...beta!, root };
        deepEqual(await digestsOf(lab), await digestsOf(alpha!));
        equal((await there.run("cat", "raw/large.bin")).stdout.length, 5_000_000);

        Deno.mkdirSync(`${root}/results`);
        for (let count = 0; count < 50; count++) {
          Deno.writeTextFileSync(`${root}/results/${count}.txt`, `${count}`);
        }
        Deno.writeTextFileSync(`${root}/results/large.bin`, "other".repeat(2_000_000));
        equal((await there.run("add", "results")).code, 0);
        const [pushed] = await there.json("push");
        deepEqual([pushed.artifacts, pushed.objects, pushed.lacking], [51, 51, []]);
        equal((await there.json("push"))[0].operation, null);
        equal((await alpha!.lamin("cat", "results/large.bin")).length, 10_000_000);
        await alpha!.lamin("mv", "raw/a.csv", "raw/b.csv");
        equal((await there.json("pull"))[0].changed, 1);
        deepEqual(await digestsOf(lab), await digestsOf(alpha!));
        match(await alpha!.lamin("fsck", "--deep"), /no damage/);
      });
    });
  },
);

test("ssh: it is told what is wrong there", noSshd, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init");
    await withSsh(alpha!, async (server) => {
      const { run } = typing(beta!, server);
      const nothing = await run("clone", `${server.origin}${beta!.root}`, "atlas");
      equal(nothing.code, 10, nothing.stderr);
      match(nothing.stderr, /no instance/);
      const { LAMIN_SSH } = server.environment;
      const missing = typing(beta!, {
        ...server,
        environment: { LAMIN_SSH: LAMIN_SSH!, LAMIN_SSH_LAMIN: "no-such-program" },
      });
      const untold = await missing.run("clone", `${server.origin}${alpha!.root}`, "atlas");
      equal(untold.code, 1);
      match(untold.stderr, /no lamin to talk to on 127.0.0.1.*not found/);
      const unknown = typing(beta!, { ...server, environment: { LAMIN_SSH: "no-such-ssh" } });
      match((await unknown.run("clone", `${server.origin}/x`, "atlas")).stderr, /cannot be run/);
    });
  });
});
