import { mustRun } from "../../build/run.ts";
import { cloneOf, remoteOf } from "../between.ts";
import { changeTen, largeFile, manyFiles } from "../data.ts";
import { mustHold } from "../must_hold.ts";
import { readableBytes } from "../readable.ts";
import type { Scale } from "../scale.ts";
import type { Course, Scene } from "../scene.ts";
import type { Place, Tool } from "../tool.ts";
import type { Bench } from "../workbench.ts";
import { atBucket } from "./at_bucket.ts";

type Data = (bench: Bench) => Promise<string>;

/** One large file to another instance on this machine, and a clone of that. */
export function syncLargeCourse({ largeBytes }: Scale): Course {
  const what = `one file of ${readableBytes(largeBytes)}`;
  const data: Data = (bench) => largeFile(bench);
  const path = "big.bin";
  const limits = [{ kind: "times", of: ["cp"], factor: 1.5 }] as const;
  return {
    ...courseOf("sync-large", data, path),
    scenes: [
      { ...push("sync-large", what, data, path), limits },
      { ...clone("sync-large", what, data, path), limits },
    ],
    leavesOut: (_, { name }) =>
      Promise.resolve(name === "git" ? "it compresses for minutes before" : undefined),
  };
}

/** Many small files to another instance on this machine, then ten of them again. */
export function syncFilesCourse({ syncFiles: count }: Scale): Course {
  const what = `${count.toLocaleString("en")} files of 4 KiB`;
  const data: Data = (bench) => manyFiles(bench, count);
  const path = "data";
  const limits = [{ kind: "times", of: ["cp"], factor: 2 }] as const;
  return {
    ...courseOf("sync-files", data, path),
    scenes: [
      { ...push("sync-files", what, data, path), limits },
      { ...nothing("sync-files", what, path), limits: [{ kind: "time", seconds: 0.1 }] },
      { ...clone("sync-files", what, data, path), limits },
      {
        name: "sync-files/push-10",
        title: `push ${what}, 10 of them changed and added`,
        operation: "push",
        subject: path,
        limits: [{ kind: "time", seconds: 0.15 }],
        before: async (bench, tool, place) => {
          changeTen(`${place.folder}/${path}`, count);
          const { add } = tool.work;
          if (add !== undefined) await bench.measure(tool, place, add(place, path));
          await bench.settle();
        },
      },
    ],
  };
}

/** The same to an instance in a bucket. */
export function syncBucketCourse({ bucketFiles }: Scale): Course {
  const what = `${bucketFiles.toLocaleString("en")} files of 4 KiB`;
  const data: Data = (bench) => manyFiles(bench, bucketFiles);
  const path = "data";
  const course = courseOf("sync-s3", data, path);
  return {
    ...course,
    peers: false,
    server: "versitygw",
    scenes: [
      {
        ...push("sync-s3", `${what} to a bucket`, data, path),
        check: async (bench, _, { bucket }) =>
          await mustHold(await data(bench), bucket!.folder, "in the bucket"),
      },
      {
        ...nothing("sync-s3", `${what} to a bucket`, path),
        limits: [{ kind: "time", seconds: 0.15 }],
      },
      clone("sync-s3", `${what} from a bucket`, data, path),
    ],
    leavesOut: (_, { kind }) =>
      Promise.resolve(kind === "lamin" ? undefined : "it pushes to no bucket"),
    furnish: async (bench, tool, place) => {
      const bucket = await (await bench.servers.buckets()).fresh(`${tool.name}-sync`);
      return await course.furnish(bench, tool, atBucket(place, bucket));
    },
  };
}

function push(course: string, what: string, data: Data, path: string): Scene {
  return {
    name: `${course}/push`,
    title: `push ${what}`,
    operation: "push",
    subject: path,
    check: async (bench, { name }, place) => {
      // What git has is compressed; the clone shows whether it is there.
      if (name === "git") return;
      await mustHold(await data(bench), remoteOf(place), "at the remote");
    },
  };
}

function nothing(course: string, what: string, path: string): Scene {
  return {
    name: `${course}/nothing`,
    title: `push ${what} again, nothing new`,
    operation: "push",
    subject: path,
  };
}

function clone(course: string, what: string, data: Data, path: string): Scene {
  return {
    name: `${course}/clone`,
    title: `clone ${what}, bytes and all`,
    operation: "clone",
    subject: path,
    check: async (bench, _, place) => await mustHold(await data(bench), cloneOf(place), "cloned"),
  };
}

function courseOf(name: string, data: Data, path: string): Omit<Course, "scenes"> {
  return {
    name,
    rounds: 3,
    lasting: false,
    peers: true,
    prepare: async (bench) => void await data(bench),
    furnish: async (bench, tool, place) => {
      await Deno.mkdir(remoteOf(place), { recursive: true });
      await mustRun("cp", ["-R", await data(bench), `${place.folder}/${path}`]);
      await ready(bench, tool, place, path);
      return place;
    },
  };
}

/** The tool has recorded the data and knows an empty remote. A floor has nothing to record. */
async function ready(bench: Bench, tool: Tool, place: Place, path: string): Promise<void> {
  if (tool.kind === "floor") return;
  for (const operation of ["init", "add", "remote"] as const) {
    const work = tool.work[operation];
    if (work !== undefined) await bench.measure(tool, place, work(place, path));
  }
}
