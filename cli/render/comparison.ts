import type { Comparison, Side } from "../../core/operation/compare/compare.ts";
import { isDifferent } from "../../core/operation/compare/compare.ts";
import type { OwnPart } from "../../core/operation/compare/logs.ts";
import type { UnloggedChange } from "../../core/operation/compare/rows.ts";
import { snakeCase } from "../../core/registry/words.ts";
import type { JsonObject, Output } from "../output.ts";
import { momentText } from "./moment.ts";
import { operationJson } from "./operation_json.ts";
import { renderOperations } from "./operations.ts";
import { plural } from "./quantity.ts";

/** What `lamin op compare --json` prints. */
export function comparisonJson(comparison: Comparison): JsonObject {
  const { relation, here, there, logs, unlogged, conflicts } = comparison;
  return {
    relation,
    is_different: isDifferent(comparison),
    here: sideJson(here),
    there: sideJson(there),
    shared: logs?.shared ?? 0,
    shared_until: logs?.last === undefined
      ? null
      : { uid: logs.last.uid, created_at: logs.last.created_at, verb: logs.last.verb },
    ahead: logs?.here.count ?? 0,
    behind: logs?.there.count ?? 0,
    operations_here: logs?.here.operations.map(operationJson) ?? [],
    operations_there: logs?.there.operations.map(operationJson) ?? [],
    unlogged: unlogged.map(({ registry, onlyHere, onlyThere, changed, names }) => ({
      table: registry.name,
      only_here: onlyHere,
      only_there: onlyThere,
      changed,
      names,
    })),
    conflicts: conflicts.count,
    conflicting: conflicts.artifacts.map(({ uid, key }) => ({ uid, key })),
  };
}

function sideJson({ root, identity: { owner, name, id, uid }, storageUid }: Side): JsonObject {
  return { root, slug: `${owner}/${name}`, id, uid, storage_uid: storageUid };
}

/** For people: what the other folder is to this one, and what each has that the other lacks. */
export function renderComparison(comparison: Comparison, output: Output): string {
  const { relation, logs, unlogged, conflicts } = comparison;
  const lines = [verdict(comparison, output)];
  if (relation === "other instance" || logs === undefined) return lines.join("\n");
  lines.push(...own("here", logs.here, output), ...own("there", logs.there, output));
  if (unlogged.length > 0) {
    lines.push(
      output.paint.yellow("rows differ that no operation changed, as when Python did:"),
    );
    lines.push(...unlogged.map((change) => `  ${unloggedText(change, output)}`));
  }
  if (conflicts.count > 0) {
    const is = conflicts.count === 1 ? "means" : "mean";
    lines.push(output.paint.red(`${plural(conflicts.count, "uid")} ${is} other content there:`));
    lines.push(
      ...conflicts.artifacts.map(({ uid, key }) =>
        `  ${output.safe(uid)} ${output.safe(key ?? "(no key)")}`
      ),
    );
    const more = conflicts.count - conflicts.artifacts.length;
    if (more > 0) lines.push(`  … and ${more} more`);
  }
  return lines.join("\n");
}

function verdict(comparison: Comparison, { safe, paint }: Output): string {
  const { relation, here, there, logs } = comparison;
  const path = safe(there.root);
  const operations = (count: number | undefined) => plural(count ?? 0, "operation");
  switch (relation) {
    case "same":
      return isDifferent(comparison)
        ? `the same ${operations(logs?.shared)} as ${path}, but other rows`
        : `the same as ${path}: ${operations(logs?.shared)}, all rows`;
    case "ahead":
      return `this one is ahead of ${path} by ${operations(logs?.here.count)}`;
    case "behind":
      return `${path} is ahead of this one by ${operations(logs?.there.count)}`;
    case "diverged": {
      const since = logs?.last === undefined
        ? "from the start"
        : `since ${safe(logs.last.verb)} ${safe(logs.last.uid)} at ${
          safe(momentText(logs.last.created_at))
        }`;
      return paint.bold(`diverged from ${path} ${since}: `) +
        `${operations(logs?.here.count)} here, ${logs?.there.count} there`;
    }
    case "other instance":
      return `${path} is another instance: ${nameOf(there, safe)}; this one is ${
        nameOf(here, safe)
      }`;
  }
}

function nameOf({ identity, storageUid }: Side, safe: Output["safe"]): string {
  const { owner, name, uid } = identity;
  return `${safe(`${owner}/${name}`)} (uid ${safe(uid)}, storage ${safe(storageUid)})`;
}

function own(where: string, { count, operations }: OwnPart, output: Output): string[] {
  if (count === 0) return [];
  const more = count - operations.length;
  return [
    `only ${where}:`,
    ...renderOperations(operations, output).split("\n").map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} older (-n 0 shows all)`] : []),
  ];
}

function unloggedText(change: UnloggedChange, { safe }: Output): string {
  const { registry, onlyHere, onlyThere, changed, names } = change;
  const counts = [
    ...(onlyHere > 0 ? [`${onlyHere} only here`] : []),
    ...(onlyThere > 0 ? [`${onlyThere} only there`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  const total = onlyHere + onlyThere + changed;
  const more = total > names.length ? ", …" : "";
  return `${snakeCase(registry.model)}: ${counts.join(", ")} (${
    names.map(safe).join(", ")
  }${more})`;
}
