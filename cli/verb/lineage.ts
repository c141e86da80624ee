import { type Lineage, lineageOf } from "../../core/lineage/lineage.ts";
import type { Direction } from "../../core/lineage/walk.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { choice, count, toggle } from "../flags.ts";
import { lineageStart } from "../lineage_start.ts";
import type { Output } from "../output.ts";
import { registriesOf } from "../registries.ts";
import { lineageJson } from "../render/lineage/json.ts";
import { settleLeft } from "../run/settle_left.ts";
import { type CommonFlags, verb } from "../verb.ts";

const drawings = ["tree", "graph", "mermaid", "dot", "svg", "json"] as const;

interface Flags {
  readonly up?: boolean;
  readonly down?: boolean;
  readonly depth?: number;
  readonly transforms?: boolean;
  readonly as?: typeof drawings[number];
}

/** How many steps from one node the tree has unless more are asked for. */
const stepsMax = 30;

export default verb<Flags>({
  description: [
    "Shows where an artifact came from and what was made from it: runs with their inputs and outputs.",
    "A collection, a run or a transform can be asked for as well. It reads what was recorded; nothing",
    "is fetched.",
    "As a tree, each node stands below what it was reached from; as a graph, each once, what comes",
    "first above. mermaid, dot and svg are for documents.",
  ].join("\n"),
  examples: [
    ["lamin lineage results/umap.h5ad", "both ways"],
    ["lamin lineage results/umap.h5ad --up --depth 1", "the run that made it, and what that read"],
    ["lamin lineage results/umap.h5ad --as graph", "everything once, in the order of data"],
    ["lamin lineage results/umap.h5ad --as svg > umap.svg", "a picture"],
    ["lamin lineage results/umap.h5ad --transforms", "which script feeds which"],
    ["lamin lineage run 3ePfUFx --json", "nodes and edges around a run"],
  ],
  exitCodes: [exitCode.noInstance],
  flags: {
    up: toggle("Only what it was made from"),
    down: toggle("Only what was made from it"),
    depth: count("n", "Over how many runs to go, 0 for all"),
    transforms: toggle("Transforms in place of runs and of what lies between them"),
    as: choice(drawings, "What to draw; --format takes these words, too"),
  },
  aliases: { d: "depth" },
  drawnBy: { flag: "as", words: drawings },
  arguments: {
    brief: "An artifact; or 'collection', 'run' or 'transform' and which one",
    placeholder: "reference",
    minimum: 1,
    maximum: 2,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  await settleLeft(instance);
  const registries = await registriesOf(instance);
  const directions = (["up", "down"] as const).filter((one): one is Direction =>
    flags[one] || !flags.up && !flags.down
  );
  const lineage = await instance.database.read(async (reader) =>
    await lineageOf(reader, {
      start: await lineageStart(instance, reader, registries, args),
      directions,
      depth: flags.depth || Infinity,
      transforms: flags.transforms ?? false,
    })
  );
  const { output } = context;
  if (output.mode !== "human") output.result(lineageJson(lineage), () => "");
  else output.text(await drawn(lineage, flags.as ?? "tree", directions, output));
}

/** Each drawing is loaded only when it is asked for. */
async function drawn(
  lineage: Lineage,
  as: typeof drawings[number],
  directions: readonly Direction[],
  output: Output,
): Promise<string> {
  switch (as) {
    case "graph":
      return (await import("../render/lineage/graph.ts")).renderLineageGraph(lineage, output);
    case "mermaid":
      return (await import("../../core/lineage/drawing/mermaid.ts")).mermaidOf(lineage);
    case "dot":
      return (await import("../../core/lineage/drawing/dot.ts")).dotOf(lineage);
    case "svg":
      return (await import("../../core/lineage/drawing/svg.ts")).svgOf(lineage);
    default: {
      const { lineageTree } = await import("../render/lineage/tree.ts");
      const { renderTree } = await import("../render/tree.ts");
      const options = { directions, stepsMax: output.verbose ? Infinity : stepsMax };
      return await renderTree(lineageTree(lineage, options), output);
    }
  }
}
