import { listedFiles } from "../data.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";
import { removeTree } from "../workbench.ts";

/** Registering what lies on a disk already. */
export function bulkCourse({ listed }: Scale): Course {
  return registering("bulk", listed);
}

export function registering(name: string, listed: number): Course {
  return {
    name,
    rounds: 2,
    lasting: false,
    peers: true,
    scenes: [{
      name: `${name}/register`,
      title: `register ${listed.toLocaleString("en")} files of a list where they lie`,
      operation: "register",
      subject: (bench) => `${bench.data(`listed-${listed}`)}/list`,
      count: listed,
      limits: [{ kind: "rate", perSecond: 20_000 }],
    }],
    prepare: async (bench) => void await listedFiles(bench, listed),
    async furnish(bench, tool, place) {
      const data = await listedFiles(bench, listed);
      const folder = `${data}/atlas`;
      await removeTree(`${folder}/.lamindb`);
      const here = { ...place, folder };
      // The floor writes into the tables of an instance, too: with the first addition all are
      // there.
      const ours = tool.kind === "peer" ? tool : bench.lamin;
      const { init } = ours.work;
      if (init !== undefined) await bench.measure(ours, here, init(here, ""));
      if (tool.kind === "floor") {
        Deno.writeTextFileSync(`${folder}/.first`, "so that there is something to add\n");
        await bench.measure(ours, here, ours.work.add!(here, ".first"));
      }
      return here;
    },
  };
}
