import { Random } from "../random.ts";
import type { Course } from "../scene.ts";
import type { Scale } from "../scale.ts";

/** What every command pays before it does anything. */
export function startCourse(_: Scale): Course {
  return {
    name: "start",
    rounds: 10,
    lasting: true,
    peers: true,
    scenes: [
      {
        name: "start/version",
        title: "print the version",
        operation: "version",
        lines: 1,
        limits: [{ kind: "time", seconds: 0.02 }],
      },
      {
        name: "start/status",
        title: "status of three small files, nothing changed",
        operation: "status",
        limits: [{ kind: "time", seconds: 0.04 }],
      },
    ],
    prepare: () => Promise.resolve(),
    async furnish(bench, tool, place) {
      if (tool.work.add === undefined || tool.work.init === undefined) return place;
      await bench.measure(tool, place, tool.work.init(place, ""));
      const random = new Random(6);
      const bytes = new Uint8Array(4096);
      Deno.mkdirSync(`${place.folder}/data`);
      for (const name of ["one", "two", "three"]) {
        random.fill(bytes);
        Deno.writeFileSync(`${place.folder}/data/${name}.bin`, bytes);
      }
      await bench.measure(tool, place, tool.work.add(place, "data"));
      return place;
    },
  };
}
