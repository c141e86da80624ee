import { s3Client } from "../servers/versitygw.ts";
import { fileName, once } from "./data.ts";
import { type Bucket, bucketKeys } from "./servers.ts";
import { type Bench, Failure } from "./workbench.ts";

/** How many requests are under way at once. */
const requestsAtOnce = 32;

/** A bucket with so many objects of a few bytes below `objects/`, a hundred a folder. */
export async function bucketOfObjects(bench: Bench, count: number): Promise<Bucket> {
  const bytes = (index: number) => new TextEncoder().encode(`${index}\n`);
  const folder = await once(bench, `objects-${count}`, async (path) => {
    // The server gives ETags only to objects that came through it.
    await filled(bench, path, count, async (put, index) => {
      await put(`objects/${fileName(index)}`, bytes(index));
    });
  });
  return (await bench.servers.buckets()).linked(`objects-${count}`, folder);
}

/** A bucket with one file under its name. */
export async function bucketOfFile(bench: Bench, path: string, name: string): Promise<Bucket> {
  const key = `bucket-of-${path.slice(path.lastIndexOf("/") + 1).replaceAll(/[._]/g, "-")}`;
  const folder = await once(bench, key, async (part) => {
    await filled(bench, part, 1, async (put) => await put(name, await Deno.readFile(path)));
  });
  return (await bench.servers.buckets()).linked(key, folder);
}

type Put = (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

async function filled(
  bench: Bench,
  folder: string,
  count: number,
  fill: (put: Put, index: number) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(folder);
  const { endpoint, name } = await (await bench.servers.buckets()).linked("filling", folder);
  const client = s3Client(bucketKeys);
  const put: Put = async (key, body) => {
    const answer = await client.fetch(`${endpoint}/${name}/${key}`, {
      method: "PUT",
      headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      body,
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Failure(`${key} was not stored: ${text}`);
  };
  let next = 0;
  await Promise.all(Array.from({ length: requestsAtOnce }, async () => {
    while (next < count) {
      const index = next++;
      if (index % 1000 === 0) await bench.breathe();
      await fill(put, index);
    }
  }));
}
