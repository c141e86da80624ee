import { shownAddress } from "../../store/database/address.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import {
  bringLogIn,
  createDatabase,
  removeDatabase,
} from "../../store/database/create_database.ts";
import type { Database } from "../../store/database/database.ts";
import { type Moving, movingOf } from "../../store/database/moving/moving.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { makeFolderOnce } from "../../store/host/shared_access.ts";
import { dirname } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import { claimPlace } from "../instance/new_database.ts";
import { newDatabasePath, removeNewDatabases } from "../instance/unfinished.ts";
import { type MoveTarget, stateOf, type TargetState } from "./target.ts";

/** The database that rows go to. */
export interface Receiver {
  readonly database: Database;
  readonly moving: Moving;
  readonly state: TargetState;
  /** To be called when all is committed there, and before the former database is sealed. */
  settle(): Promise<void>;
  /** Puts it where it will be found. */
  place(): void;
  /** Takes back what was not placed. */
  close(): Promise<void>;
}

/** Opens or makes it. Throws as `connectDatabase` does, and code "conflict" when it is taken. */
export function openReceiver(instance: Instance, target: MoveTarget): Promise<Receiver> {
  return target.kind === "postgres"
    ? serverReceiver(instance, target)
    : fileReceiver(instance, target.path);
}

async function serverReceiver(instance: Instance, target: MoveTarget): Promise<Receiver> {
  const database = await connectDatabase(instance.host, target);
  try {
    if (database.readOnly) {
      throw new LaminError("denied", `you may not write to ${shownAddress(target)}`, {
        hint: "its owner can grant the right, or give the URL of one that is yours",
      });
    }
    const moving = await movingOf("postgres");
    const state = await database.read((reader) => stateOf(instance, reader, moving, target));
    return {
      database,
      moving,
      state,
      settle: () => Promise.resolve(),
      place: () => {},
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A file gets its name when it is complete, as that of `lamin init` does. */
async function fileReceiver({ host, location }: Instance, path: string): Promise<Receiver> {
  const { root } = location;
  makeFolderOnce(host.files, dirname(path));
  removeNewDatabases(host, root);
  const temporary = newDatabasePath(host, root);
  const database = createDatabase(host, { path: temporary, finalPath: path });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await database.close();
    isClosed = true;
  };
  return {
    database,
    moving: await movingOf("sqlite"),
    state: "empty",
    settle: async () => {
      await close();
      bringLogIn(host, temporary);
    },
    place: () => placeFile(host, temporary, path),
    close: async () => {
      await close();
      removeNewDatabases(host, root, temporary);
    },
  };
}

function placeFile(host: Host, temporary: string, path: string): void {
  // A log that a former database left would be taken for this one's.
  if (host.files.lstat(path) === null) removeDatabase(host, path);
  claimPlace(host, temporary, path);
  host.files.flushDirectory(dirname(path));
}
