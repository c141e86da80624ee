import { withoutPassword } from "../../store/without_password.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { roleOf } from "../storage/role.ts";
import { formatBytes, plural } from "../text/quantity.ts";
import type { Finding } from "./finding.ts";

/**
 * Artifacts whose bytes another instance manages. What is wrong with them there is no damage here:
 * `verify` looks at them.
 */
export class Foreign {
  readonly #roots: ReadonlyMap<number, string>;
  readonly #found = new Map<number, Map<string, number>>();

  constructor(instance: Instance) {
    const foreign = [...instance.storages.values()].filter((row) =>
      roleOf(instance, row) === "foreign"
    );
    this.#roots = new Map(foreign.map(({ id, root }) => [id, withoutPassword(root)]));
  }

  /** Whether an artifact is one of those; it is counted then, once. */
  takes({ uid, storage_id, size }: ArtifactRow): boolean {
    if (!this.#roots.has(storage_id)) return false;
    const known = this.#found.get(storage_id) ?? new Map();
    this.#found.set(storage_id, known.set(uid, size ?? 0));
    return true;
  }

  /** One note for each storage. */
  findings(): Finding[] {
    return [...this.#found].map(([id, sizes]) => {
      const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      const what = `${plural(sizes.size, "artifact")}, ${formatBytes(bytes)}`;
      return {
        severity: "note",
        kind: "elsewhere",
        uid: null,
        key: null,
        name: null,
        detail: `${what}, in ${this.#roots.get(id)}: 'lamin verify' looks at them`,
      };
    });
  }
}
