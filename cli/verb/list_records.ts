import {
  type AnyRow,
  type CompiledQuery,
  countRows,
  findBatches,
  findRows,
} from "../../core/query/query.ts";
import { firstRows } from "../../core/query/first_rows.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import { plural as pluralOf, snakeCase } from "../../core/registry/words.ts";
import type { Reader } from "../../store/database/database.ts";
import type { JsonObject, Output } from "../output.ts";
import { type Column, columnsNamed, columnValues } from "../render/columns.ts";
import { renderList } from "../render/list.ts";
import { listColumns } from "../render/list_columns.ts";
import { rowJson } from "../render/row_json.ts";

/** What a list is made with. */
export interface ListScope {
  readonly output: Output;
  readonly reader: Reader;
  readonly registries: RegistrySet;
  readonly query: CompiledQuery;
  /** Branches whose labels count as values of features. */
  readonly branches: readonly number[];
}

export interface ListOptions {
  /** Names of columns, where they were asked for. */
  readonly columns?: readonly string[];
  /** How many records at most, 0 for all. */
  readonly limit?: number;
  readonly allVersions: boolean;
}

/** How many records a person is shown unless more are asked for. */
const shownMax = 20;

/** How many more are counted: to count a million takes longer than to find the first of them. */
const countMax = 1000;

/**
 * Prints what a query finds as a table, twenty rows unless told otherwise, and how many more there
 * are.
 */
export async function listForPeople(
  { output, reader, registries, query, branches }: ListScope,
  options: ListOptions,
): Promise<void> {
  const { registry } = query;
  const limit = options.limit === 0 ? undefined : options.limit ?? shownMax;
  const { rows: found, areCommon } = limit === undefined
    ? { rows: await findRows(reader, query), areCommon: false }
    : await firstRows(reader, query, limit + 1);
  const rows = found.slice(0, limit);
  const names = options.columns ?? listColumns(registry, options.allVersions);
  const columns = await columnsNamed({ reader, registries, registry, branches }, names);
  if (rows.length === 0) {
    output.note(`no ${pluralOf(snakeCase(registry.model))} found`);
    return;
  }
  const values = await columnValues(reader, columns, rows);
  const asked = options.columns !== undefined;
  const cells = asked ? values : named(columns, rows, values);
  output.text(await renderList(columns, cells, output, asked));
  if (found.length > rows.length) {
    const most = rows.length + countMax + 1;
    const more = await countRows(reader, query, most, { areCommon }) - rows.length;
    const many = more > countMax ? `more than ${countMax}` : more;
    output.note(`… and ${many} more; --limit 0 shows all`);
  }
}

/** The values with the description, in brackets, for a key that is not there. */
function named(
  columns: readonly Column[],
  rows: readonly AnyRow[],
  values: readonly (readonly (readonly unknown[])[])[],
): readonly (readonly (readonly unknown[])[])[] {
  return values.map((cells, row) =>
    cells.map((cell, index) => {
      const { description } = rows[row]!;
      const isNameless = columns[index]!.name === "key" && cell[0] === null;
      return isNameless && typeof description === "string" ? [`(${description})`] : cell;
    })
  );
}

/**
 * Prints all that a query finds as one JSON object or template a line, without holding it in
 * memory.
 */
export async function listAsData(
  { output, reader, registries, query, branches }: ListScope,
  options: ListOptions,
): Promise<void> {
  const { registry } = query;
  const scope = { reader, registries, registry, branches };
  const columns = options.columns && await columnsNamed(scope, options.columns);
  const batches = options.limit
    ? [await findRows(reader, query, options.limit)]
    : findBatches(reader, query);
  for await (const rows of batches) {
    if (columns === undefined) {
      output.results(rows.map((row) => rowJson(registry, row)), () => "");
      continue;
    }
    const values = await columnValues(reader, columns, rows);
    output.results(
      values.map((row): JsonObject =>
        Object.fromEntries(
          columns.map((column, index) => [column.name, column.json(row[index]!)]),
        )
      ),
      () => "",
    );
  }
}
