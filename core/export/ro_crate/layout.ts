import { encodedPath } from "../location.ts";
import type { ExportedArtifact, ExportedTransform, Provenance } from "../provenance.ts";
import { CratePaths } from "./paths.ts";

/** An artifact in a crate. */
export interface PlacedArtifact {
  readonly artifact: ExportedArtifact;
  /** Below the crate's root; undefined where the crate only links to it. */
  readonly path: string | undefined;
  /** How the crate's description names it: a path or URL, encoded. */
  readonly id: string;
}

/** A version of a transform in a crate. */
export interface PlacedTransform {
  readonly transform: ExportedTransform;
  /** Undefined for one without source code. */
  readonly path: string | undefined;
  readonly id: string;
}

/** Where everything in a crate is. */
export interface Layout {
  /** By node name. */
  readonly artifacts: ReadonlyMap<string, PlacedArtifact>;
  /** By uid. */
  readonly transforms: ReadonlyMap<string, PlacedTransform>;
}

/** Decides where what goes: data below `data/`, source code below `code/`, logs below `runs/`. */
export function layOut({ data, runs }: Provenance, { links }: { links: boolean }): Layout {
  const paths = new CratePaths();
  const ofRuns = new Map([...runs.values()].flatMap((run) =>
    (["report", "environment"] as const).flatMap((kind) =>
      run[kind] === undefined ? [] : [[run[kind], `${run.row.uid}/${kind}`] as const]
    )
  ));
  const artifacts = new Map<string, PlacedArtifact>();
  for (const [name, one] of data) {
    if (one.kind !== "artifact") continue;
    const { row } = one;
    const isFolder = row.n_files !== null;
    if (links) {
      artifacts.set(name, { artifact: one, path: undefined, id: one.url + (isFolder ? "/" : "") });
      continue;
    }
    const runFile = ofRuns.get(name);
    const wanted = runFile !== undefined && !isFolder
      ? `${runFile}${row.suffix || ".txt"}`
      : runFile ?? row.key ?? `${row.uid}${row.suffix}`;
    const path = paths.take(runFile === undefined ? "data" : "runs", wanted, row.uid, row.suffix);
    artifacts.set(name, { artifact: one, path, id: encodedPath(path) + (isFolder ? "/" : "") });
  }
  const transforms = new Map<string, PlacedTransform>();
  for (const { transform } of runs.values()) {
    const { uid, key, source_code } = transform.row;
    if (transforms.has(uid)) continue;
    const path = source_code === null ? undefined : paths.take("code", key, uid);
    const id = path === undefined ? `#transform-${encodeURIComponent(uid)}` : encodedPath(path);
    transforms.set(uid, { transform, path, id });
  }
  return { artifacts, transforms };
}
