import type { Writer } from "../../../store/database/database.ts";
import { timestamp } from "../../../store/database/values.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { Migration, Module } from "../../module.ts";
import { migration } from "../../registry/lamindb/migration.ts";
import type { Registry } from "../../registry/registry.ts";
import type { SyncPlan } from "../plan/sync_plan.ts";
import type { CannotCarry } from "./found_tables.ts";

/** What {@link makeTables} goes by. */
export interface MakingTables {
  /** Modules that this program has. */
  readonly modules: readonly Module[];
  /** What the source notes of the changes of applications. */
  readonly migrations: readonly Migration[];
  readonly cannotCarry: readonly CannotCarry[];
  readonly hashing: Hashing;
  readonly now: Date;
}

/**
 * Makes the tables that rows are about to come into, with all others of the same application, by
 * statements of our own. Their migrations are noted, so that Python takes the tables as they are,
 * unless a table of the application is missing: then Python has to be told what to do. No operation
 * records it, as an undo takes rows away and leaves tables.
 */
export async function makeTables(
  writer: Writer,
  plan: SyncPlan,
  making: MakingTables,
): Promise<void> {
  const all = [...plan.request.shapes.values()].map(({ registry }) => registry);
  const apps = new Apps(making, all.map(({ name }) => name));
  const wanted = [...plan.tables.values()].filter(({ missing }) => missing.length > 0)
    .map(({ shape }) => shape.registry);
  const lacking = new Map<string, Registry>();
  const isOurs = ({ module }: Registry) => module === "lamindb";
  const pending = wanted.filter((one) => !isOurs(one));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (lacking.has(next.name) || await writer.hasTable(next.name)) continue;
    lacking.set(next.name, next);
    const app = apps.of(next.name);
    const targets = Object.values(next.columns).map(({ references }) => references?.table);
    pending.push(...all.filter((one) =>
      !isOurs(one) && !lacking.has(one.name) &&
      (apps.of(one.name) === app || targets.includes(one.name))
    ));
  }
  if (lacking.size === 0) return;
  const { hashing, cannotCarry, now } = making;
  const made = all.filter(({ name }) => lacking.has(name));
  await writer.script(
    await writer.dialect.createStatements(made, (bytes) => hashing.digest("md5", bytes)),
  );
  const left = new Set(cannotCarry.map(({ table }) => apps.of(table)));
  const whole = new Set(made.map(({ name }) => apps.of(name)).filter((app) => !left.has(app)));
  await noteMigrations(writer, apps.migrationsOf(whole), now);
}

/**
 * Which application a table is of, and what was noted of it. Tables need not be called after their
 * application: those that are called after none belong to all applications without tables.
 */
class Apps {
  readonly #named: ReadonlySet<string>;

  /** Those with tables that are called after them. */
  readonly #withTables: ReadonlySet<string>;

  constructor(private readonly making: MakingTables, tables: readonly string[]) {
    this.#named = new Set([
      ...making.migrations.map(({ app }) => app),
      ...making.modules.map(({ name }) => name),
    ]);
    const left = making.cannotCarry.map(({ table }) => table);
    this.#withTables = new Set([...tables, ...left].map((table) => this.of(table)));
  }

  of(table: string): string {
    const found = [...this.#named].filter((app) => table.startsWith(`${app}_`));
    return found.toSorted((a, b) => b.length - a.length)[0] ?? "";
  }

  migrationsOf(apps: ReadonlySet<string>): Migration[] {
    const { modules, migrations } = this.making;
    const known = modules.filter(({ name }) => apps.has(name));
    const isKnown = (app: string) => modules.some(({ name }) => name === app);
    const others = migrations.filter(({ app, name }) =>
      isWord(app) && isWord(name) && !isKnown(app) &&
      apps.has(this.#withTables.has(app) ? app : "")
    );
    return [...known.flatMap(({ migrations }) => migrations), ...others];
  }
}

const isWord = (text: string) => /^\w{1,255}$/.test(text);

async function noteMigrations(
  writer: Writer,
  migrations: readonly Migration[],
  now: Date,
): Promise<void> {
  if (migrations.length === 0 || !(await writer.hasTable(migration.name))) return;
  const noted = await writer.all<Migration>("SELECT app, name FROM django_migrations");
  const known = new Set(noted.map(({ app, name }) => `${app} ${name}`));
  const applied = timestamp(now);
  await writer.insert(
    migration,
    migrations.filter(({ app, name }) => !known.has(`${app} ${name}`))
      .map(({ app, name }) => ({ app, name, applied })),
  );
}
