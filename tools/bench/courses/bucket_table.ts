import { bucketOfFile } from "../bucket_data.ts";
import { type CountingProxy, countingProxy } from "../counting_proxy.ts";
import { largeTable } from "../table.ts";
import type { Scale } from "../scale.ts";
import type { Course, Scene } from "../scene.ts";
import type { Bucket } from "../servers.ts";
import type { Bench } from "../workbench.ts";
import { atBucket } from "./at_bucket.ts";
import { furnished } from "./furnished.ts";

const name = "cells.parquet";
const lines = 20;

/** Looking into a large table in a bucket, with all bytes counted that come from the server. */
export function bucketTableCourse({ tableRows }: Scale): Course {
  const rows = `of ${tableRows.toLocaleString("en")} rows`;
  let proxy: CountingProxy | undefined;
  /** Nothing of what servers have is on this machine. */
  const before: Scene["before"] = async (bench, tool, place) => {
    const { forget } = tool.work;
    if (forget !== undefined) await bench.measure(tool, place, forget(place, ""));
  };
  return {
    name: "s3-table",
    rounds: 3,
    lasting: true,
    peers: true,
    server: "versitygw",
    scenes: [
      {
        name: "s3-table/head",
        title: `print the first ${lines} rows ${rows} in a bucket, nothing of it being here`,
        operation: "head",
        subject: name,
        lines,
        limits: [{ kind: "received", bytes: 16e6 }],
        before,
      },
      {
        name: "s3-table/cat",
        title: `print all bytes ${rows} in a bucket, nothing of it being here`,
        operation: "cat",
        subject: name,
        limits: [{ kind: "memory", bytes: 150e6 }],
        before,
      },
    ],
    received: () => proxy?.received() ?? 0,
    prepare: async (bench) => {
      const { endpoint } = await bucket(bench, tableRows);
      proxy = countingProxy(endpoint);
      bench.servers.alsoStop(proxy.stop);
    },
    furnish: async (bench, tool, place) => {
      const { endpoint } = proxy!;
      const there = atBucket(place, { ...await bucket(bench, tableRows), endpoint });
      await furnished(bench, tool, there, () => Promise.resolve());
      const { registerObject } = tool.work;
      if (registerObject !== undefined) {
        await bench.measure(tool, there, registerObject(there, name));
      }
      return there;
    },
  };
}

async function bucket(bench: Bench, rows: number): Promise<Bucket> {
  return await bucketOfFile(bench, await largeTable(bench, rows), name);
}
