import { portableState } from "../rows/digest.ts";
import { identityOfUid, type RowHash } from "../rows/row_hash.ts";
import type { PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";

/**
 * Puts rows of the source in the words of the target, which has some records under other uids:
 * references to those, and what follows from them, become the target's.
 */
export class Translation {
  readonly #byTable = new Map<string, Map<string, string>>();

  readonly #uids = new Map<string, string>();

  constructor(private readonly hash: RowHash) {}

  /** Notes that a record of the source is another one here. */
  add(table: string, there: string, here: string): void {
    const known = this.#byTable.get(table);
    if (known === undefined) this.#byTable.set(table, new Map([[there, here]]));
    else known.set(there, here);
  }

  /** Notes that a version of the source has another number here. */
  addUid(table: string, there: string, uid: string): void {
    this.add(table, there, identityOfUid(uid));
    this.#uids.set(`${table} ${there}`, uid);
  }

  /** The identity that a record of the source has here. */
  identity(table: string, there: string): string {
    return this.#byTable.get(table)?.get(there) ?? there;
  }

  /** Whether rows of a table may say something else here. */
  concerns({ registry, references }: RowShape): boolean {
    return this.#byTable.has(registry.name) ||
      [...references.values()].some((table) => this.#byTable.has(table));
  }

  /** A row in the words of the target; the same object where nothing differs. */
  row(shape: RowShape, row: PortableRow): PortableRow {
    if (this.#byTable.size === 0) return row;
    const changed = Object.entries(row.references).flatMap(([name, there]) => {
      if (there === null) return [];
      const here = this.identity(shape.references.get(name)!, there);
      return here === there ? [] : [[name, here] as const];
    });
    if (changed.length === 0) return row;
    const references = { ...row.references, ...Object.fromEntries(changed) };
    const { identity, digest } = portableState(shape, this.hash)({
      values: row.values,
      references,
    });
    return { ...row, references, identity, digest };
  }
}
