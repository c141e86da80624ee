import type { Writer } from "../../store/database/database.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Module } from "../module.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { migration } from "../registry/lamindb/migration.ts";
import { lamindbMigrations } from "../registry/lamindb/migrations.ts";
import { space } from "../registry/lamindb/space.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { user } from "../registry/lamindb/user.ts";
import type { UserSettings } from "./settings.ts";

/** What a fresh instance is told about itself. */
export interface FreshInstance {
  readonly user: UserSettings;
  readonly storage: {
    readonly uid: string;
    readonly root: string;
    /** local, s3, gs, hf, http or https. */
    readonly type: string;
    /** Region of a bucket; Python leaves it NULL for the local storage of a new instance. */
    readonly region: string | null;
    readonly instanceUid: string;
  };
  /** Modules that are switched on: their default rows are inserted. */
  readonly modules: readonly Module[];
  /** Modules whose tables were made. */
  readonly knownModules: readonly Module[];
  readonly now: Date;
}

/**
 * Fills the empty tables of a new instance with the rows that Python starts with (COMPAT §2.3,
 * §2.4): migrations, the space `all`, the user, the three branches, the storage, and what modules
 * bring.
 */
export async function insertDefaultRows(writer: Writer, fresh: FreshInstance): Promise<void> {
  const applied = timestamp(fresh.now);
  const migrations = [
    ...lamindbMigrations,
    ...fresh.knownModules.flatMap((module) => module.migrations),
  ];
  await writer.insert(migration, migrations.map((row) => ({ ...row, applied })));
  await writer.insert(space, [{
    id: 1,
    uid: "aaaaaaaaaaaa",
    name: "all",
    description: "Every team & user with access to the instance has access.",
  }]);
  await writer.insert(user, [{ id: 1, ...fresh.user }]);
  await writer.insert(branch, branches.map((row) => ({ ...row, created_by_id: 1 })));
  const { instanceUid, ...place } = fresh.storage;
  await writer.insert(storage, [{
    id: 1,
    ...place,
    instance_uid: instanceUid,
    created_by_id: 1,
  }]);
  for (const module of fresh.modules) {
    for (const { registry, rows } of await module.defaultRows?.() ?? []) {
      await writer.insert(registry, rows.map((row) => ({ ...row, created_by_id: 1 })));
    }
  }
}

const branches = [
  { id: -1, uid: "tttttttttttt", name: "trash", description: "The trash." },
  { id: 0, uid: "aaaaaaaaaaaa", name: "archive", description: "The archive." },
  {
    id: 1,
    uid: "mmmmmmmmmmmm",
    name: "main",
    description: "The main & default branch of the instance.",
  },
];
