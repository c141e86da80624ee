/** What `lamin serve` gives to whom: nothing without a token, and nothing from outside. */

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { withLabs } from "../core/sync/two_labs.ts";
import { test } from "../skip.ts";
import { ask } from "../sync/ask.ts";
import { sayWith, withServed } from "../sync/served.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

Deno.test(
  "serve: a token lets somebody read, another one push; without one nobody does",
  async () => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await alpha!.lamin("init");
      const none = await alpha!.say("serve", "--listen", "127.0.0.1:0");
      deepEqual([none.code, /nobody has a token yet/.test(none.stderr)], [2, true]);
      await withServed(alpha!, async ({ url, readToken, writeToken, said }) => {
        for (const token of [undefined, "lamin_", "x".repeat(200), `${readToken}x`, "é"]) {
          const headers = token === "é" ? { authorization: "Bearer %C3%A9" } : {};
          const asked = await ask(url, "hello", {
            token: token === "é" ? undefined : token,
            headers,
          });
          deepEqual([asked.status, asked.end.error.code], [401, "denied"]);
        }
        equal((await ask(url, "hello", { token: readToken })).end.protocol, 1);
        for (const path of ["push", "push/AAAAAAAAAAAAAAAAAAAAAA/0"]) {
          equal((await ask(url, path, { token: readToken })).status, 403);
        }
        equal((await ask(url, "push/AAAAAAAAAAAAAAAAAAAAAA/0", { token: writeToken })).status, 409);
        const unknown = ["", "shutdown", "hello/x", "state/AAAAAAAAAAAAAAAAAAAAAA/0", "__proto__"];
        for (const path of [...unknown, "constructor", "..%2f..%2fetc"]) {
          equal((await ask(url, path, { token: writeToken })).status, 404, path);
        }
        equal((await ask(url, "hello", { token: readToken, method: "GET" })).status, 405);
        const page = { origin: "https://example.org" };
        equal((await ask(url, "hello", { token: readToken, headers: page })).status, 403);

        const clone = await sayWith(beta!, readToken, "clone", url, "atlas");
        equal(clone.code, 0, clone.stderr);
        const place = { root: `${beta!.root}/atlas`, home: beta!.home };
        Deno.writeTextFileSync(`${place.root}/a.txt`, "a");
        equal((await sayWith(place, undefined, "add", "a.txt")).code, 0);
        const refused = await sayWith(place, readToken, "push");
        deepEqual([refused.code, /may only read/.test(refused.stderr)], [12, true]);
        equal((await alpha!.json("list", "artifact")).length, 0);

        const [reader] = await alpha!.json("serve", "token", "list");
        await alpha!.lamin("serve", "token", "remove", reader.name);
        equal((await ask(url, "hello", { token: readToken })).status, 401, "at once");
        equal(said(), "");
      });
    });
  },
);

Deno.test("serve: --public lets everybody read, --read-only nobody push", async () => {
  await withLabs(["alpha"], async (alpha) => {
    await alpha!.lamin("init");
    await withServed(alpha!, async ({ url, writeToken }) => {
      equal((await ask(url, "hello")).status, 200);
      equal((await ask(url, "hello", { token: "lamin_wrong" })).status, 401);
      equal((await ask(url, "push")).status, 403);
      equal((await ask(url, "push", { token: writeToken })).status, 403);
    }, ["--public", "--read-only"]);
  });
});

test(
  "serve: reading writes nothing, and no file outside of artifacts is given",
  onlySqlite ?? onlyLocal,
  async () => {
    await withLabs(["alpha"], async (alpha) => {
      await alpha!.lamin("init");
      alpha!.write("a.txt", "of a");
      alpha!.write("b.txt", "of b");
      alpha!.write("folder.zarr/x", "of x");
      await alpha!.lamin("add", "a.txt", "b.txt", "folder.zarr");
      const secret = `${alpha!.home}/secret.txt`;
      Deno.writeTextFileSync(secret, "secret");
      const rows = await alpha!.json("list", "artifact");
      const byKey = new Map(rows.map((row) => [row.key, row]));
      const [a, b, folder] = ["a.txt", "b.txt", "folder.zarr"].map((key) => byKey.get(key));
      // A row and a link of a stranger, as a damaged or hostile instance may have them.
      const object = `${alpha!.root}/${a._real_key}`;
      Deno.removeSync(object);
      Deno.symlinkSync(secret, object);
      const database = new DatabaseSync(`${alpha!.root}/.lamindb/lamin.db`);
      database.prepare("UPDATE lamindb_artifact SET _real_key = ? WHERE uid = ?")
        .run(`../home-alpha/secret.txt`, b.uid);
      database.close();
      const before = snapshot(alpha!.root);
      await withServed(alpha!, async ({ url, readToken: token }) => {
        const files = [
          [a.uid, ""],
          [b.uid, ""],
          [folder.uid, "../../../../home-alpha/secret.txt"],
          [folder.uid, secret],
          [folder.uid, "x/../x"],
          [folder.uid, ""],
          ["AAAAAAAAAAAAAAAA0000", ""],
        ];
        const asked = await ask(url, "files", { token, args: { files } });
        equal(asked.data, "");
        equal(asked.marks.length, files.length);
        for (const { error } of asked.marks) match(error.code, /damaged|denied|not_found/);
        doesNotMatch(
          asked.text,
          new RegExp(alpha!.home),
          "where things lie is not told: " + asked.text,
        );
        const right = await ask(url, "files", { token, args: { files: [[folder.uid, "x"]] } });
        deepEqual([right.data, right.marks], ["of x", [{}]]);
        const described = await ask(url, "describe", { token, args: { uids: [a.uid, b.uid] } });
        doesNotMatch(described.text, new RegExp(alpha!.root));
        await ask(url, "state", { token });
      });
      deepEqual(snapshot(alpha!.root), before);
    });
  },
);

function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const inner = `${path}/${name}`;
      const { size, mtime } = Deno.lstatSync(inner);
      // SQLite's index of its log is made by whoever reads.
      if (name.endsWith("-shm") || name.endsWith("-wal")) continue;
      if (isDirectory) walk(inner);
      else found[inner] = `${size} ${mtime?.getTime()}`;
    }
  };
  walk(folder);
  return found;
}
