import { mustRun } from "../../build/run.ts";
import { largeFile, manyFiles } from "../data.ts";
import type { Limit } from "../limit.ts";
import { mustHold } from "../must_hold.ts";
import { readableBytes } from "../readable.ts";
import type { Scale } from "../scale.ts";
import type { Course, Scene } from "../scene.ts";
import type { Tool } from "../tool.ts";
import type { Bench } from "../workbench.ts";
import { atBucket } from "./at_bucket.ts";

const memory: Limit = { kind: "memory", bytes: 150e6 };

/** One large file to a bucket and back. */
export function bucketLargeCourse({ bucketBytes }: Scale): Course {
  return courseOf({
    name: "s3",
    what: `one file of ${readableBytes(bucketBytes)}`,
    path: "big.bin",
    data: (bench) => largeFile(bench, bucketBytes),
    limits: [
      { kind: "times fastest", of: ["rclone", "git-annex", "dvc"], factor: 1.2 },
      memory,
    ],
    more: [],
  });
}

/** Many small files to a bucket and back. */
export function bucketFilesCourse({ bucketFiles }: Scale): Course {
  const what = `${bucketFiles.toLocaleString("en")} files of 4 KiB`;
  return courseOf({
    name: "s3-files",
    what,
    path: "data",
    data: (bench) => manyFiles(bench, bucketFiles),
    limits: [
      { kind: "times", of: ["rclone"], factor: 1 },
      { kind: "times", of: ["dvc"], factor: 0.333 },
      memory,
    ],
    more: [{ name: "s3-files/again", title: `store ${what} again, unchanged`, operation: "put" }],
  });
}

interface Particulars {
  readonly name: string;
  readonly what: string;
  /** Of the file or folder, in the folder of a tool. */
  readonly path: string;
  readonly data: (bench: Bench) => Promise<string>;
  readonly limits: readonly Limit[];
  /** Between there and back. */
  readonly more: readonly Scene[];
}

function courseOf({ name, what, path, data, limits, more }: Particulars): Course {
  return {
    name,
    rounds: 3,
    lasting: false,
    peers: true,
    server: "versitygw",
    scenes: [
      {
        name: `${name}/put`,
        title: `store ${what} in a bucket`,
        operation: "put",
        subject: path,
        limits,
        check: async (bench, _, { bucket }) =>
          await mustHold(await data(bench), bucket!.folder, "in the bucket"),
      },
      ...more.map((scene) => ({ ...scene, subject: path })),
      {
        name: `${name}/get`,
        title: `fetch ${what}, of which nothing is here`,
        operation: "get",
        subject: path,
        limits: [memory],
        before: async (bench, tool, place) =>
          void await bench.measure(tool, place, tool.work.drop!(place, path)),
        check: async (bench, _, { folder }) =>
          await mustHold(await data(bench), `${folder}/${path}`, "in the folder"),
      },
    ],
    leavesOut: cannotSign,
    prepare: async (bench) => void await data(bench),
    furnish: async (bench, tool, place) => {
      const buckets = await bench.servers.buckets();
      const bucket = await buckets.fresh(`${tool.name}-${name}`.replaceAll(" ", "-"));
      const there = atBucket(place, bucket);
      await mustRun("cp", ["-R", await data(bench), `${place.folder}/${path}`]);
      for (const operation of ["init", "bucket", "hold"] as const) {
        const work = tool.work[operation];
        if (work !== undefined) await bench.measure(tool, there, work(there, path));
      }
      return there;
    },
  };
}

async function cannotSign(bench: Bench, { name }: Tool): Promise<string | undefined> {
  if (name !== "git-annex" || (await bench.servers.buckets()).isOnPort80) return undefined;
  return "its signatures are right for port 80 only, which is taken or not allowed";
}
