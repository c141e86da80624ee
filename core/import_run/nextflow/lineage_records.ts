import type { Host } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";
import { asObject, asText, type ForeignObject, parseForeign, readForeign } from "../foreign.ts";

/** One record of Nextflow's lineage (`lineage/v1beta1`): what it is about, and the rest. */
export interface LineageRecord {
  readonly kind: string;
  readonly spec: ForeignObject;
}

/** Deeper folders than that have no outputs of a task. */
const depthMax = 50;

/**
 * The records below `.lineage`, by their lineage ids without `lid://`: each lies in a file
 * `.data.json` in the folder of that name. Undefined where there is no such folder.
 */
export function readLineageRecords(
  host: Host,
  folder: string,
): Map<string, LineageRecord> | undefined {
  if (host.files.lstat(folder)?.kind !== "directory") return undefined;
  const records = new Map<string, LineageRecord>();
  const pending = [{ below: "", depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { below, depth } = next;
    for (const { name, kind } of host.files.readDirectory(join(folder, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (kind === "directory" && depth < depthMax) pending.push({ below: path, depth: depth + 1 });
      if (kind !== "file" || name !== ".data.json") continue;
      const record = recordIn(parseForeign(readForeign(host, join(folder, path))));
      if (record !== undefined) records.set(below, record);
    }
  }
  return records;
}

function recordIn(value: ForeignObject | undefined): LineageRecord | undefined {
  const kind = asText(value?.kind);
  const spec = asObject(value?.spec);
  const isKnown = asText(value?.version)?.startsWith("lineage/v1") ?? false;
  return isKnown && kind !== undefined && spec !== undefined ? { kind, spec } : undefined;
}

/** A lineage id without its scheme; undefined for what is none. */
export function lineageId(value: unknown): string | undefined {
  return /^lid:\/\/(.+)$/.exec(asText(value) ?? "")?.[1];
}

/** A path that may be written as a URL of a file. */
export function localPath(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || !text.startsWith("file:")) return text;
  try {
    return decodeURIComponent(text.replace(/^file:(\/\/)?/, ""));
  } catch {
    return undefined;
  }
}
