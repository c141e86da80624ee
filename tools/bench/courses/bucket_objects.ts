import { bucketOfObjects } from "../bucket_data.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";
import { atBucket } from "./at_bucket.ts";
import { furnished } from "./furnished.ts";

/** Registering what lies in a bucket already. */
export function bucketObjectsCourse({ objects }: Scale): Course {
  return {
    name: "s3-register",
    rounds: 3,
    lasting: false,
    peers: true,
    server: "versitygw",
    scenes: [{
      name: "s3-register/folder",
      title: `register ${objects.toLocaleString("en")} objects of a bucket where they lie`,
      operation: "registerBucket",
      subject: "objects/",
      count: objects,
      lines: 1,
      limits: [{ kind: "memory", bytes: 300e6 }],
    }],
    prepare: async (bench) => void await bucketOfObjects(bench, objects),
    furnish: async (bench, tool, place) => {
      const there = atBucket(place, await bucketOfObjects(bench, objects));
      return await furnished(bench, tool, there, () => Promise.resolve());
    },
  };
}
