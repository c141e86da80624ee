/** Labs that bring each other what they have over HTTP, by the real program as the server. */

import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { digestsOf } from "../core/sync/digests.ts";
import { type Lab, labWith, withLabs } from "../core/sync/two_labs.ts";
import { withPythonInstance } from "../lamin.ts";
import { LyingProxy, type WireRequest } from "../faults/lying_proxy.ts";
import { sayWith, type ServedLab, withServed } from "./served.ts";

/** A lab that has some files, and a folder. */
async function furnish(lab: Lab): Promise<void> {
  await lab.lamin("init", "--modules", "bionty");
  lab.write("raw/a.csv", "x\n1\n");
  lab.write("raw/b.csv", "x\n2\n");
  lab.write("raw/scan.zarr/.zgroup", '{"zarr_format": 2}');
  lab.write("raw/scan.zarr/0.0", "data");
  await lab.lamin("add", "raw");
  lab.write("raw/a.csv", "x\n1\n2\n");
  await lab.lamin("add", "raw");
}

async function cloned(lab: Lab, served: ServedLab, ...more: string[]): Promise<Lab> {
  const { code, stderr } = await sayWith(
    ...[lab, served.readToken, "clone", served.url, "atlas", ...more] as const,
  );
  equal(code, 0, stderr);
  return at(lab, `${lab.root}/atlas`, served.writeToken);
}

/** The same people in another folder, with a token. */
function at(lab: Lab, root: string, token: string): Lab {
  const place = { ...lab, root };
  return labWith(place, (...words) => sayWith(place, token, ...words));
}

Deno.test("http: clone, fetch, add, push and pull; both sides come to the same", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await furnish(alpha!);
    await withServed(alpha!, async (served) => {
      const there = await cloned(beta!, served);
      deepEqual(await digestsOf(there), await digestsOf(alpha!));
      equal((await there.say("cat", "raw/b.csv")).code, 1, "its bytes did not come");
      await there.lamin("fetch", "raw/b.csv", "raw/scan.zarr");
      equal(await there.lamin("cat", "raw/b.csv"), "x\n2\n");
      equal(await there.lamin("cat", "raw/scan.zarr/0.0"), "data");

      there.write("results/c.csv", "y\n3\n");
      there.write("results/large.bin", "large".repeat(2_000_000));
      await there.lamin("add", "results");
      const [planned] = await there.json("push", "--dry-run");
      deepEqual([planned.artifacts, planned.objects, planned.operation], [2, 2, null]);
      equal((await alpha!.json("list", "artifact")).length, 3);
      const [pushed] = await there.json("push");
      deepEqual([pushed.artifacts, pushed.objects, pushed.lacking], [2, 2, []]);
      deepEqual([pushed.bytes, pushed.slug], [10_000_004, (await alpha!.json("info"))[0].slug]);
      equal((await alpha!.lamin("cat", "results/large.bin")).length, 10_000_000);
      const [again] = await there.json("push");
      deepEqual([again.records, again.objects, again.operation], [0, 0, null]);

      alpha!.write("raw/b.csv", "x\n2\n3\n");
      await alpha!.lamin("add", "raw");
      const [pulled] = await there.json("pull", "--data", "latest");
      // That of raw/a.csv comes too, which is here without its bytes.
      deepEqual([pulled.artifacts, pulled.objects], [1, 2]);
      equal(await there.lamin("cat", "raw/b.csv"), "x\n2\n3\n");
      deepEqual(await digestsOf(there), await digestsOf(alpha!));
      match(await alpha!.lamin("fsck", "--deep"), /no damage/);
      match(await there.lamin("fsck", "--deep"), /no damage|not fetched/);

      const [shown] = await there.json("remote", "show", "origin");
      deepEqual([shown.kind, shown.artifacts], ["http", 7]);
      equal(served.said(), "");
    });
  });
});

Deno.test("http: a large file that is cut off goes on where it was", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init");
    alpha!.write("large.bin", "large".repeat(2_000_000));
    await alpha!.lamin("add", "large.bin");
    await withServed(alpha!, async (served) => {
      const proxy = new LyingProxy(served.url);
      try {
        const there = await cloned(beta!, { ...served, url: proxy.endpoint });
        const isOfFiles = ({ target }: WireRequest) => target.endsWith("/files");
        proxy.plan = (request) => isOfFiles(request) ? { cutAfter: 4_000_000 } : undefined;
        const [fetched] = await there.json("fetch", "large.bin");
        equal(fetched.status, "fetched");
        equal(proxy.requests.filter(isOfFiles).length, 3);
        equal((await there.lamin("cat", "large.bin")).length, 10_000_000);
        match(await there.lamin("fsck", "--deep"), /no damage/);

        alpha!.write("other.bin", "other".repeat(2_000_000));
        await alpha!.lamin("add", "other.bin");
        await there.lamin("pull");
        proxy.plan = (request) => isOfFiles(request) ? { cutAfter: 0 } : undefined;
        const before = proxy.requests.length;
        const lost = await there.say("fetch", "other.bin");
        equal(lost.code, 1, lost.stderr);
        match(lost.stderr, /could not read the answer|connection to the other instance was lost/);
        ok(proxy.requests.length - before < 20, "it gives up");
      } finally {
        await proxy.end();
      }
    });
  });
});

Deno.test("http: conditions choose what goes, and nothing else does", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await furnish(alpha!);
    await withServed(alpha!, async (served) => {
      const there = await cloned(beta!, served, "key__startswith=raw/b");
      equal((await there.json("list", "artifact")).length, 1);
      there.write("one.csv", "1\n");
      there.write("two.csv", "2\n");
      await there.lamin("add", "one.csv", "two.csv");
      equal((await there.json("push", "origin", "key=one.csv"))[0].artifacts, 1);
      equal((await alpha!.json("list", "artifact", "key=two.csv")).length, 0);
      equal(await alpha!.lamin("cat", "one.csv"), "1\n");
      equal((await there.json("push", "origin", "key=two.csv", "--data", "none"))[0].objects, 0);
      equal((await alpha!.say("cat", "two.csv")).code, 1, "no bytes were asked for");
    });
  });
});

Deno.test("http: what both changed is named, and settled as it is said", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await furnish(alpha!);
    await withServed(alpha!, async (served) => {
      const there = await cloned(beta!, served);
      await alpha!.lamin("mv", "raw/b.csv", "raw/alpha.csv");
      await there.lamin("mv", "raw/b.csv", "raw/beta.csv");
      const conflict = await there.say("pull", "--json");
      equal(conflict.code, 3, conflict.stderr);
      deepEqual(JSON.parse(conflict.stdout).conflicts[0].columns, ["key"]);
      equal((await there.say("push")).code, 3);
      await there.lamin("push", "--ours");
      deepEqual(
        (await alpha!.json("list", "artifact", "key__startswith=raw/b")).map(({ key }) => key),
        ["raw/beta.csv"],
      );
      deepEqual(await digestsOf(there), await digestsOf(alpha!));
    });
  });
});

Deno.test("http: what changes at either side is told apart from what was older", async () => {
  await withLabs(["alpha", "beta", "gamma"], async (alpha, beta, gamma) => {
    await furnish(alpha!);
    await withServed(alpha!, async (served) => {
      const second = await cloned(beta!, served);
      const third = await cloned(gamma!, served);
      second.write("new.csv", "1\n");
      await second.lamin("add", "new.csv");
      await second.lamin("push");
      await third.lamin("pull");
      await third.lamin("mv", "new.csv", "newer.csv");
      await third.lamin("push");
      equal((await second.json("pull"))[0].changed, 1);
      await alpha!.lamin("mv", "newer.csv", "newest.csv");
      for (const lab of [second, third]) {
        equal((await lab.json("pull"))[0].changed, 1);
        deepEqual(await digestsOf(lab), await digestsOf(alpha!));
      }
    });
  });
});

Deno.test("http: pushers at the same time both arrive", async () => {
  await withLabs(["alpha", "beta", "gamma"], async (alpha, beta, gamma) => {
    await furnish(alpha!);
    await withServed(alpha!, async (served) => {
      const labs = [await cloned(beta!, served), await cloned(gamma!, served)];
      for (const [index, lab] of labs.entries()) {
        for (let count = 0; count < 20; count++) {
          lab.write(`of-${index}/${count}.txt`, `${index} ${count}`);
        }
        await lab.lamin("add", `of-${index}`);
      }
      await Promise.all(labs.map((lab) => lab.lamin("push")));
      equal((await alpha!.json("list", "artifact", "key__startswith=of-")).length, 40);
      match(await alpha!.lamin("fsck", "--deep"), /no damage/);
    });
  });
});

Deno.test(
  "http: the token of a server is kept for it alone, and stands nowhere else",
  async () => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await furnish(alpha!);
      await withServed(alpha!, async (served) => {
        await beta!.lamin("init");
        Deno.writeTextFileSync(`${beta!.home}/token`, `${served.writeToken}\n`);
        const file = `${beta!.home}/token`;
        await beta!.lamin("remote", "add", "alpha", served.url, "--token-file", file);
        await beta!.lamin("pull", "alpha", "--data", "all");
        beta!.write("mine.csv", "1\n");
        await beta!.lamin("add", "mine.csv");
        await beta!.lamin("push", "alpha");
        const [pushed] = await alpha!.json("op");
        match(pushed.command.join(" "), /^push \S+ token writer-\w+$/);
        const kept = filesBelow(`${beta!.home}`).filter((path) =>
          path !== file && Deno.readTextFileSync(path).includes(served.writeToken)
        );
        deepEqual(kept.map((path) => path.split("/").at(-1)), ["lamin_tokens.json"]);
        equal(Deno.statSync(kept[0]!).mode! & 0o777, 0o600);
        for (const { root, home } of [alpha!, beta!]) {
          for (const path of [...filesBelow(root), ...filesBelow(home)]) {
            if (path === file || path === kept[0]) continue;
            doesNotMatch(Deno.readTextFileSync(path), new RegExp(served.writeToken), path);
          }
        }
        ok(!served.said().includes("lamin_"));
      });
    });
  },
);

Deno.test("http: what Python made is cloned as it is, and not written to", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    await withLabs(["beta"], async (beta) => {
      await withServed({ root, home }, async (served) => {
        const there = await cloned(beta!, served, "--data", "latest");
        const source = { ...beta!, root, home };
        deepEqual(await digestsOf(there), await digestsOf(source));
        match(await there.lamin("fsck", "--deep"), /no damage|not fetched/);
        equal((await there.json("pull"))[0].records, 0);
      });
    });
  });
});

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory, isFile }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path) : isFile ? [path] : [];
  });
}
