import { mustRun } from "../../build/run.ts";
import { changeTen, fileName, manyFiles } from "../data.ts";
import type { Limit } from "../limit.ts";
import type { Scale } from "../scale.ts";
import type { Course, Scene } from "../scene.ts";
import { furnished } from "./furnished.ts";

/** Many small files, every one an artifact of its own. */
export function filesCourse({ files }: Scale): Course {
  return courseOf("files", files, {
    peers: true,
    limits: {
      add: [{ kind: "times", of: ["git"], factor: 1 }],
      again: [{ kind: "times", of: ["git"], factor: 3 }],
      status: [{ kind: "times", of: ["git"], factor: 3 }],
      "status-10": [{ kind: "times", of: ["git"], factor: 3 }],
      "add-10": [{ kind: "times", of: ["git"], factor: 3 }],
      check: [{ kind: "times", of: ["openssl"], factor: 1.2 }],
    },
  });
}

/** Ten times as many: the time may grow as much, the memory may not. */
export function moreFilesCourse({ moreFiles }: Scale): Course {
  const grown = (scene: string): Limit[] => [
    { kind: "times scene", scene: `files/${scene}`, factor: 11 },
    { kind: "memory", bytes: 300e6 },
  ];
  return courseOf("more-files", moreFiles, {
    peers: false,
    limits: Object.fromEntries(
      ["add", "again", "status", "status-10", "add-10", "check"].map((name) => [name, grown(name)]),
    ),
  });
}

interface Particulars {
  readonly peers: boolean;
  readonly limits: Readonly<Record<string, readonly Limit[]>>;
}

function courseOf(name: string, count: number, { peers, limits }: Particulars): Course {
  return {
    name,
    rounds: peers ? 3 : 2,
    lasting: false,
    peers,
    scenes: scenesOf(count).map((scene) => ({
      ...scene,
      name: `${name}/${scene.name}`,
      limits: limits[scene.name] ?? [],
    })),
    prepare: async (bench) => void await manyFiles(bench, count),
    furnish: (bench, tool, place) =>
      furnished(bench, tool, place, async () => {
        await mustRun("cp", ["-R", await manyFiles(bench, count), `${place.folder}/data`]);
      }),
  };
}

function scenesOf(count: number): Scene[] {
  const many = count.toLocaleString("en");
  return [
    {
      name: "add",
      title: `add ${many} files of 4 KiB`,
      operation: "add",
      subject: "data",
      readBack: `data/${fileName(count - 1)}`,
    },
    { name: "again", title: `add ${many} again, unchanged`, operation: "add", subject: "data" },
    { name: "status", title: `status of ${many}, nothing changed`, operation: "status" },
    {
      name: "status-10",
      title: `status of ${many}, 10 changed`,
      operation: "status",
      before: (_, __, { folder }) => Promise.resolve(changeTen(`${folder}/data`, count)),
    },
    {
      name: "add-10",
      title: `add ${many}, 10 changed`,
      operation: "add",
      subject: "data",
      readBack: `data/${fileName(3)}`,
    },
    { name: "check", title: `check the hashes of ${many}`, operation: "check" },
    {
      name: "move",
      title: "give a folder of 100 another name",
      operation: "move",
      subject: "data/d0000 data/moved",
    },
    { name: "remove", title: "forget a folder of 100", operation: "remove", subject: "data/moved" },
    {
      name: "collect",
      title: "free the bytes of these 100, now gone for good",
      operation: "collect",
      before: async (bench, tool, place) => {
        const { discard } = tool.work;
        if (discard !== undefined) {
          await bench.measure(tool, place, discard(place, "data/moved"));
        }
      },
    },
  ];
}
