import type { Dialect } from "../../store/database/database.ts";
import type { Hashing } from "../../store/host/host.ts";
import { serverRules } from "../instance/server_rules.ts";
import type { Registry } from "../registry/registry.ts";

/** Statements before and after rows are inserted. */
export interface Making {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/**
 * What makes tables: first those without which no row can be inserted; last what is quicker to make
 * when the rows are there, would refuse one that refers to a later one, or would change it:
 * indexes, references, functions, checks and triggers. They look at rows that are there, and leave
 * them.
 */
export async function makingOf(
  dialect: Dialect,
  registries: readonly Registry[],
  hashing: Hashing,
): Promise<Making> {
  const md5 = (bytes: Uint8Array) => hashing.digest("md5", bytes);
  const statements = await dialect.createStatements(registries, md5);
  const isTable = (statement: string) => /^CREATE TABLE /.test(statement);
  return {
    first: statements.filter(isTable),
    last: [
      ...statements.filter((statement) => !isTable(statement)),
      ...(dialect.name === "postgres" ? serverRules(registries) : []),
    ],
  };
}
