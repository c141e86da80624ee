import type { DataNode } from "../../core/lineage/nodes.ts";
import type { StaleOutput } from "../../core/lineage/stale.ts";
import type { JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** Stale outputs in their order, each with the run that made it and why it is stale. */
export function renderStale(stale: readonly StaleOutput[], output: Output): string {
  const { paint, safe } = output;
  if (stale.length === 0) return "Nothing is stale: every output was made from what is current";
  const nameOf = (node: DataNode) => safe(titleOf(node));
  const groups = stale.map(({ output, run, moved, after }) => {
    const maker = safe(run.transform.key ?? run.transform.uid);
    return [
      `${paint.yellow(nameOf(output))} ${paint.dim(`(${safe(output.version)})`)}  ` +
      paint.dim(`by ${maker}, run ${run.uid}, ${(run.started_at ?? "").slice(0, 16)}`),
      ...moved.map(({ input, current }) =>
        `  read ${nameOf(input)} (${safe(input.version)}), now (${safe(current.version)})`
      ),
      ...after.map((source) => `  made from ${nameOf(source)}, which is stale`),
    ].join("\n");
  });
  const count = plural(stale.length, "output");
  return [
    `${count} to make anew, in this order:`,
    ...groups,
    paint.dim("'lamin rerun --all-stale' makes them anew"),
  ].join("\n\n");
}

function titleOf({ key, description, uid }: DataNode): string {
  return key ?? description ?? uid;
}

/** A stale output as JSON. */
export function staleJson({ output, run, moved, after }: StaleOutput): JsonObject {
  return {
    status: "stale",
    kind: output.kind,
    key: output.key,
    uid: output.uid,
    version: output.version,
    run: { uid: run.uid, started_at: run.started_at, transform: { ...run.transform } },
    moved: moved.map(({ input, current }) => ({
      key: input.key,
      uid: input.uid,
      current_uid: current.uid,
    })),
    after: after.map(({ uid }) => uid),
  };
}
