import type { MoveTarget } from "./target.ts";
import { makingOf } from "./making.ts";
import type { Reader, Writer } from "../../store/database/database.ts";
import type { Moving } from "../../store/database/moving/moving.ts";
import { shownAddress } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import { type CopyOptions, copyTable, requireSame } from "./copy.ts";
import type { MovePlan } from "./plan.ts";
import { sumOf } from "./rows.ts";
import type { TableSum } from "./table_digest.ts";

/**
 * Fills an empty database with the tables and rows of a plan, inside of its one transaction, and
 * compares what arrived with what was read. Throws code "failed" when they are not the same.
 */
export async function fill(
  plan: MovePlan,
  from: { readonly reader: Reader; readonly moving: Moving },
  to: { readonly writer: Writer; readonly moving: Moving },
  options: CopyOptions,
): Promise<void> {
  const { first, last } = await makingOf(to.writer.dialect, plan.made, options.hashing);
  options.onPhase("copying");
  await to.writer.script(first);
  const sums: TableSum[] = [];
  for (const { carrier } of plan.tables) {
    sums.push(await copyTable(from.reader, to.writer, carrier, options));
  }
  await to.writer.script(last);
  const names = plan.tables.map(({ carrier }) => carrier.table.name);
  await to.moving.setLastIds(to.writer, await from.moving.lastIds(from.reader, names));
  options.onPhase("comparing");
  for (const [index, { carrier }] of plan.tables.entries()) {
    await requireSame(to.writer, carrier, sums[index]!, options);
  }
}

/**
 * Throws code "conflict" unless a database that was filled earlier still holds what the other one
 * does, to the last row.
 */
export async function requireCopy(
  plan: MovePlan,
  from: Reader,
  to: Reader,
  target: MoveTarget,
  options: CopyOptions,
): Promise<void> {
  options.onPhase("comparing");
  for (const { carrier } of plan.tables) {
    const { name } = carrier.table;
    if (await to.hasTable(name)) {
      const own = await sumOf(from, carrier, options.hashing, options.onRows);
      const there = await sumOf(to, carrier, options.hashing, options.onRows);
      if (own.rows === there.rows && own.sha256 === there.sha256) continue;
    }
    throw new LaminError(
      "conflict",
      `${shownAddress(target)} has rows of this instance, but other ones: see ${name}`,
      {
        hint: "make an empty database, for example by 'dropdb' and 'createdb', and give its URL",
        data: { table: name },
      },
    );
  }
}
