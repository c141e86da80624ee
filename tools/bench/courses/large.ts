import { largeFile } from "../data.ts";
import { readableBytes } from "../readable.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";
import { furnished } from "./furnished.ts";

/** One large file. */
export function largeCourse({ largeBytes }: Scale): Course {
  const size = readableBytes(largeBytes);
  return {
    name: "large",
    rounds: 3,
    lasting: false,
    peers: true,
    scenes: [
      {
        name: "large/add",
        title: `add one file of ${size}`,
        operation: "add",
        subject: "big.bin",
        readBack: "big.bin",
        limits: [
          { kind: "ahead of peers" },
          { kind: "times", of: ["openssl", "cp"], factor: 1.3 },
          { kind: "memory", bytes: 150e6 },
        ],
      },
      {
        name: "large/again",
        title: "add it again, unchanged",
        operation: "add",
        subject: "big.bin",
        limits: [{ kind: "time", seconds: 0.06 }],
      },
      {
        name: "large/check",
        title: `check the hash of the stored ${size}`,
        operation: "check",
        limits: [{ kind: "times", of: ["openssl"], factor: 1.2 }],
      },
      {
        name: "large/copy",
        title: "add a copy of it under another name",
        operation: "add",
        subject: "copy.bin",
        readBack: "copy.bin",
        limits: [{ kind: "times", of: ["openssl"], factor: 1.2 }, { kind: "memory", bytes: 150e6 }],
        before: async (bench, _, { folder }) =>
          await Deno.copyFile(await largeFile(bench), `${folder}/copy.bin`),
      },
    ],
    prepare: async (bench) => void await largeFile(bench),
    furnish: (bench, tool, place) =>
      furnished(
        bench,
        tool,
        place,
        async () => await Deno.copyFile(await largeFile(bench), `${place.folder}/big.bin`),
      ),
  };
}
