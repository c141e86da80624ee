/** Labs that bring each other what they have, over a bucket and a server in front of another. */

import { deepEqual, equal, match } from "node:assert/strict";
import { type Buckets, type Machine, machineAt, withBuckets } from "../cli/bucket_place.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { noPython, python } from "../interop/python.ts";
import { missingPostgres, withDatabase } from "../postgres_server.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { withServed } from "./served.ts";
import { noSshd, withSsh } from "./ssh_server.ts";

/** A way to reach a lab: a URL of it, and what has to be in one's environment. */
type Reach = (
  lab: Machine,
  work: (url: string, environment: Readonly<Record<string, string>>) => Promise<void>,
) => Promise<void>;

const overHttp: Reach = (lab, work) =>
  withServed(placeOf(lab), ({ url, readToken }) => work(url, { LAMIN_TOKEN: readToken }));

const overSsh: Reach = (lab, work) =>
  withSsh(
    placeOf(lab),
    ({ origin, environment }) => work(`${origin}${encodeURI(lab.folder)}`, environment),
  );

for (
  const [name, missing, reach] of [
    ["HTTP", undefined, overHttp],
    ["ssh", noSshd, overSsh],
  ] as const
) {
  test(
    `walk: a folder pushes to a bucket; its clone, mirrored and served by ${name}, comes back`,
    noS3Server ?? missingPostgres() ?? ownPlaces ?? missing,
    async () => {
      await withDatabase((url) => withBuckets((buckets) => walk(buckets, url, reach)));
    },
  );
}

async function walk({ root, machine }: Buckets, database: string, reach: Reach): Promise<void> {
  const alpha = await furnished(machine("alpha"));
  const keeper = machine("keeper");
  await keeper.lamin("init", "--storage", root, "--name", "shared", "--modules", "bionty");
  await alpha.lamin("remote", "add", "bucket", root);
  const [pushed] = await alpha.json("push", "bucket");
  deepEqual([pushed.artifacts, pushed.lacking], [4, []]);
  const [again] = await alpha.json("push", "bucket");
  deepEqual([again.records, again.objects, again.operation], [0, 0, null]);

  const beta = await clonedAndAdded(machine("beta"), root);

  const gamma = machine("gamma");
  const mirror = gamma.in(`${gamma.folder}/mirror`);
  const [mirrored] = await gamma.json(
    ...["clone", root, mirror.folder, "--db", database, "--data", "all"],
    ...["--storage", root.replace("/atlas?", "/mirror?")],
  );
  deepEqual([mirrored.artifacts, mirrored.lacking], [5, []]);
  equal(await mirror.lamin("cat", "raw/b.csv"), "x\n2\n");
  match(await mirror.lamin("fsck", "--deep"), /no damage/);

  await reach(mirror, async (url, environment) => {
    const reaching = machineAt({ ...alpha, environment: { ...alpha.environment, ...environment } });
    const [pulled] = await reaching.json("pull", url, "--data", "all");
    deepEqual([pulled.artifacts, pulled.objects, pulled.conflicts], [1, 1, []]);
    const [nothing] = await reaching.json("pull", url, "--data", "all");
    deepEqual([nothing.records, nothing.objects, nothing.operation], [0, 0, null]);
  });
  equal(await alpha.lamin("cat", "results/c.csv"), "y\n3\n");
  match(await alpha.lamin("fsck", "--deep"), /no damage/);
  match(await beta.lamin("fsck", "--deep"), /not fetched/);

  const digests = await digestsOf(placeOf(alpha));
  for (const lab of [beta, mirror, keeper]) deepEqual(await digestsOf(placeOf(lab)), digests);
  if (noPython === undefined) await readByPython({ beta, mirror, keeper });
}

/** Lab A, which has files, two versions of one, a folder and labels. */
async function furnished(alpha: Machine): Promise<Machine> {
  await alpha.lamin("init", "--name", "alpha", "--modules", "bionty");
  alpha.write("raw/a.csv", "x\n1\n");
  alpha.write("raw/b.csv", "x\n2\n");
  alpha.write("raw/scan.zarr/.zgroup", '{"zarr_format": 2}');
  await alpha.lamin("add", "raw");
  alpha.write("raw/a.csv", "x\n1\n1\n");
  await alpha.lamin("add", "raw/a.csv");
  return alpha;
}

/** Lab B, which fetches the bytes of two artifacts and adds one of its own. */
async function clonedAndAdded(beta: Machine, root: string): Promise<Machine> {
  const there = beta.in(`${beta.folder}/atlas`);
  await beta.lamin("clone", root, there.folder);
  equal((await there.json("list", "artifact", "--all-versions")).length, 4);
  await there.lamin("fetch", "raw/a.csv", "raw/scan.zarr");
  equal(await there.lamin("cat", "raw/a.csv"), "x\n1\n1\n");
  equal((await there.run("cat", "raw/b.csv")).code, 1);
  there.write("results/c.csv", "y\n3\n");
  await there.lamin("add", "results");
  equal((await there.json("push"))[0].artifacts, 1);
  return there;
}

async function readByPython(
  { beta, mirror, keeper }: Readonly<Record<"beta" | "mirror" | "keeper", Machine>>,
): Promise<void> {
  const texts = { "raw/a.csv": "x\n1\n1\n", "raw/b.csv": "x\n2\n", "results/c.csv": "y\n3\n" };
  for (const lab of [mirror, keeper]) {
    const read = await python(placeOf(lab), "current_instance.py", ...Object.keys(texts));
    deepEqual(read.texts, Object.values(texts));
  }
  const read = await python(placeOf(beta), "current_instance.py", "raw/a.csv", "results/c.csv");
  deepEqual(read.texts, [texts["raw/a.csv"], texts["results/c.csv"]]);
}

function placeOf({ folder, home, environment = {} }: Machine) {
  return { root: folder, home, environment };
}
