import type { Collectable, GarbagePlan, Kept, KeptBecause } from "../../core/gc/plan.ts";
import type { JsonObject, Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many names are listed before the rest is only counted. */
const listedMax = 20;

const reasons: Readonly<Record<KeptBecause, string>> = {
  "young": "younger than the grace period",
  "undo": "an undo within the grace period would need it",
  "addition": "an addition is under way",
  "last copy": "the only other copy of an artifact's bytes",
  "lease": "another instance reads it here",
};

/** Each part of a plan as `--json` prints it, one a line; `deleted` are the objects that went. */
export function* garbageJson(
  plan: GarbagePlan,
  deleted: ReadonlySet<Collectable> | undefined,
): Generator<JsonObject> {
  for (const object of plan.collectable) {
    const status = deleted === undefined
      ? "unreferenced"
      : deleted.has(object)
      ? "deleted"
      : "kept";
    yield objectJson(object, status, status === "kept" ? "referred to by now" : null);
  }
  for (const { name, size } of plan.leftOvers) {
    const status = deleted === undefined ? "unreferenced" : "deleted";
    yield { ...empty, kind: "unfinished addition", status, name, size };
  }
  for (const object of plan.kept) {
    yield { ...objectJson(object, "kept", reasons[object.because]), reader: object.reader ?? null };
  }
  for (const { name, size } of plan.leftAlone) {
    yield { ...empty, kind: "file of Python", status: "left alone", name, size };
  }
}

const empty: JsonObject = {
  kind: null,
  status: null,
  name: null,
  size: null,
  n_files: null,
  sha256: null,
  uids: [],
  keys: [],
  reason: null,
  reader: null,
};

/** The fields of all that {@link garbageJson} gives. */
export const garbageFields: readonly string[] = Object.keys(empty);

function objectJson(object: Collectable | Kept, status: string, reason: string | null): JsonObject {
  const formerly = "formerly" in object ? object.formerly : [];
  return {
    ...empty,
    kind: "object",
    status,
    name: object.name,
    size: object.size,
    n_files: object.isFolder ? object.files : null,
    sha256: object.sha256,
    uids: formerly.map(({ uid }) => uid),
    keys: formerly.flatMap(({ key }) => key === null ? [] : [key]),
    reason,
  };
}

/** A plan, or what was done of it, for people. */
export function renderGarbage(
  plan: GarbagePlan,
  deleted: ReadonlySet<Collectable> | undefined,
  output: Output,
): string {
  const objects = plan.collectable.filter((object) => deleted === undefined || deleted.has(object));
  const lines = listed(objects.map((object) => objectLine(object, output)), output);
  lines.push(...listed(
    plan.leftOvers.map(({ name, size }) =>
      line(output, size, "an addition that never ended", name)
    ),
    output,
  ));
  if (output.verbose) {
    for (const kept of plan.kept) {
      lines.push(line(output, kept.size, `kept: ${reasons[kept.because]}`, kept.name));
    }
  }
  return [...lines, totals(objects, plan, deleted !== undefined), ...notes(plan, output)].join(
    "\n",
  );
}

function listed(lines: readonly string[], output: Output): string[] {
  if (output.verbose || lines.length <= listedMax) return [...lines];
  return [...lines.slice(0, listedMax), `  … and ${lines.length - listedMax} more (-v lists all)`];
}

function objectLine(object: Collectable, output: Output): string {
  const names = object.formerly.map(({ uid, key }) => key === null ? uid : `${key} (${uid})`);
  const name = names.length === 0 ? "never recorded" : names.slice(0, 3).join(", ");
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return line(output, object.size, name + more, object.name);
}

function line(output: Output, size: number, what: string, name: string): string {
  const bytes = formatBytes(size).padStart(9);
  return `  ${bytes}  ${output.safe(what)}  ${output.paint.dim(output.safe(name))}`;
}

function totals(objects: readonly Collectable[], plan: GarbagePlan, isDone: boolean): string {
  const bytes = [...objects, ...plan.leftOvers].reduce((sum, { size }) => sum + size, 0);
  const parts: string[] = [];
  if (objects.length > 0) parts.push(`${plural(objects.length, "object")} that no artifact has`);
  if (plan.leftOvers.length > 0) parts.push(plural(plan.leftOvers.length, "unfinished addition"));
  if (parts.length === 0) return isDone ? "nothing was deleted" : "there is nothing to delete";
  return `${isDone ? "deleted" : "to delete"}: ${parts.join(", ")} (${formatBytes(bytes)})`;
}

function notes(plan: GarbagePlan, output: Output): string[] {
  const lines: string[] = [];
  for (const [because, kept] of Map.groupBy(plan.kept, (object) => object.because)) {
    const readers = [...new Set(kept.flatMap(({ reader }) => reader ?? []))].sort();
    const who = readers.length === 0 ? "" : `: ${readers.map(output.safe).join(", ")}`;
    const amount = `${plural(kept.length, "object")} (${sizeOf(kept)})`;
    lines.push(`kept: ${amount}, ${reasons[because]}${who}`);
  }
  if (plan.leftAlone.length > 0) {
    const names = plural(plan.leftAlone.length, "file or folder", "files or folders");
    lines.push(`left alone: ${names} of Python that no artifact has (${sizeOf(plan.leftAlone)})`);
  }
  return lines;
}

function sizeOf(list: readonly { readonly size: number }[]): string {
  return formatBytes(list.reduce((sum, { size }) => sum + size, 0));
}
