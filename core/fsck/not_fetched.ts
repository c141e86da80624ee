import type { ArtifactRow } from "../artifact/storage_key.ts";
import { formatBytes, plural } from "../text/quantity.ts";
import { artifactFinding, type Finding } from "./finding.ts";

/** Artifacts that are not fetched, which is worth knowing and no damage. */
export class NotFetched {
  readonly #byUid = new Map<string, { readonly row: NamedRow; readonly remote: string }>();

  /** Takes what was found of an artifact; undefined for one that has its bytes. */
  note(row: ArtifactRow, remote: string | undefined): void {
    const { uid, key, size } = row;
    if (remote === undefined) this.#byUid.delete(uid);
    else this.#byUid.set(uid, { row: { uid, key, size }, remote });
  }

  /** One note for each remote, since there may be very many, or for each artifact. */
  findings(isEach: boolean): Finding[] {
    const all = [...this.#byUid.values()];
    if (isEach) {
      return all.map(({ row, remote }) =>
        artifactFinding(row, null, { ...kind, ...fetch(remote) })
      );
    }
    return [...Map.groupBy(all, ({ remote }) => remote)].map(([remote, own]) => {
      const bytes = own.reduce((sum, { row }) => sum + (row.size ?? 0), 0);
      const count = plural(own.length, "artifact");
      const detail = `${count}, ${formatBytes(bytes)}: ${fetch(remote).detail}`;
      return { ...kind, uid: null, key: null, name: null, detail };
    });
  }
}

type NamedRow = Pick<ArtifactRow, "uid" | "key" | "size">;

const kind = { severity: "note", kind: "not fetched" } as const;

function fetch(remote: string): { readonly detail: string } {
  return { detail: `'lamin fetch' brings them from ${remote}` };
}
