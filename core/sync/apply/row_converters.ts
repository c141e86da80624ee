import type { Dialect } from "../../../store/database/database.ts";
import { idOfReference, type SyncPlan } from "../plan/sync_plan.ts";
import { portableState } from "../rows/digest.ts";
import type { PortableContent, PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";
import { completer } from "./completed_row.ts";
import type { NewIds } from "./new_ids.ts";
import { placeInStore } from "./place.ts";
import { Obstacle, type TargetRow, targetRows } from "./target_row.ts";

/** A row that did not come along. */
export interface Refused {
  readonly table: string;
  readonly identity: string;
  /** What people call it. */
  readonly name: string;
  readonly reason: string;
}

/** Which row it is, and what it means. */
export interface State {
  readonly identity: string;
  readonly digest: string;
}

/** A row for the target, and its state as it will be there. */
export interface Converted {
  readonly row: TargetRow;
  readonly state: State;
}

/** The target, as far as rows depend on it. */
export interface Destination {
  readonly engine: Dialect["name"];
  readonly ownStorageId: number;
  /** Uid of the target, as storages name the instance that manages them. */
  readonly ownInstanceUid: string | null;
  /** Identities of the storages that the source manages. */
  readonly managedThere: ReadonlySet<string>;
  /** The present as the database writes it. */
  readonly now: string;
}

/** Turns rows on their way into rows of the target. */
export class RowConverters {
  /** Rows that could not be turned. */
  readonly refused: Refused[] = [];

  constructor(
    private readonly plan: SyncPlan,
    private readonly ids: NewIds,
    private readonly destination: Destination,
  ) {}

  /**
   * What turns rows of a table; it gives undefined for those that are refused. Where the digest of
   * the row is known, as `known`, it is not made again.
   */
  of(
    shape: RowShape,
  ): (row: PortableRow, content?: PortableContent, known?: State) => Converted | undefined {
    const convert = this.#converter(shape);
    return (row, content, known) => {
      try {
        return convert(row, content, known);
      } catch (error) {
        if (!(error instanceof Obstacle)) throw error;
        this.#refuse(shape, row, error);
        return undefined;
      }
    };
  }

  #converter(
    shape: RowShape,
  ): (row: PortableRow, content?: PortableContent, known?: State) => Converted {
    const { plan: { request, hash, targetIds }, destination: { engine, now } } = this;
    const convert = targetRows(
      shape,
      request.source.rows.engine,
      engine,
      (row, column) => this.#idOf(shape, row, column),
    );
    const stateOf = portableState(shape, hash);
    const complete = completer(shape, (table) => targetIds.get(table), now);
    const foreign = [...shape.references.keys()];
    return (given, content, known) => {
      const row = complete(given);
      const converted = convert(row);
      const lost = foreign.filter((name) =>
        (row.references[name] ?? null) !== null && converted[name] === null
      );
      const { identity, digest } = row === given && lost.length === 0
        ? known ?? row
        : stateOf({ values: row.values, references: without(row.references, lost) });
      return {
        row: this.#isStored(shape, row, converted)
          ? { ...converted, ...placeInStore(row, content) }
          : this.#disowned(shape, converted),
        state: { identity, digest },
      };
    };
  }

  /** Whether its bytes go from a storage of the source's to the target's own. */
  #isStored({ registry }: RowShape, row: PortableRow, converted: TargetRow): boolean {
    const { ownStorageId, managedThere } = this.destination;
    return registry.name === "lamindb_artifact" && converted["storage_id"] === ownStorageId &&
      managedThere.has(row.references["storage_id"] ?? "");
  }

  /** Nobody else says which storages the target manages: it would write and collect there. */
  #disowned({ registry }: RowShape, converted: TargetRow): TargetRow {
    const isClaimed = registry.name === "lamindb_storage" && converted["instance_uid"] !== null &&
      converted["instance_uid"] === this.destination.ownInstanceUid;
    return isClaimed ? { ...converted, instance_uid: null } : converted;
  }

  #idOf(shape: RowShape, row: PortableRow, column: string): number | undefined {
    const known = idOfReference(this.plan, shape, row, column);
    if (known !== undefined) return known;
    const identity = row.references[column] ?? null;
    const table = shape.references.get(column)!;
    return identity === null ? undefined : this.ids.get(table)?.get(identity);
  }

  #refuse({ registry }: RowShape, row: PortableRow, { column, problem }: Obstacle): void {
    this.refused.push({
      table: registry.name,
      identity: row.identity,
      name: String(row.values[registry.nameField ?? "uid"] ?? row.values["uid"] ?? row.id),
      reason: `its ${column} ${problem}`,
    });
  }
}

function without(
  references: PortableRow["references"],
  names: readonly string[],
): PortableRow["references"] {
  return { ...references, ...Object.fromEntries(names.map((name) => [name, null])) };
}
