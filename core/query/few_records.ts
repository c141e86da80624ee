import type { Condition, Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";

/** Up to so many records are named one by one. */
const fewMax = 100;

/**
 * Finds the records that a condition on a relation means, so that a query can name them. Postgres
 * knows how many rows a value has, but of a query inside it expects as many as the average: for a
 * label that one in a thousand has it goes through all rows in their order.
 */
export class FewRecords {
  readonly #known = new Map<string, Promise<readonly number[] | undefined>>();

  constructor(private readonly reader: Reader) {}

  /** Their ids; undefined where they are many, or nothing is gained by knowing them. */
  idsOf(registry: Registry, condition: Condition): Promise<readonly number[] | undefined> {
    if (this.reader.dialect.name === "sqlite") return Promise.resolve(undefined);
    const { sql, parameters } = condition;
    const key = `${registry.name}\0${sql}\0${parameters.join("\0")}`;
    const known = this.#known.get(key) ?? this.#find(registry, condition);
    this.#known.set(key, known);
    return known;
  }

  async #find(registry: Registry, { sql, parameters }: Condition) {
    const rows = await this.reader.all<{ id: number }>(
      `SELECT id FROM ${quote(registry.name)} WHERE ${sql} LIMIT ${fewMax + 1}`,
      parameters,
    );
    return rows.length > fewMax ? undefined : rows.map(({ id }) => Number(id));
  }
}
