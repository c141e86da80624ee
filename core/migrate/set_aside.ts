import { bringLogIn } from "../../store/database/create_database.ts";
import { openDatabase } from "../../store/database/open_database.ts";
import { movingOf } from "../../store/database/moving/moving.ts";
import type { Host } from "../../store/host/host.ts";
import { ifThere } from "../../store/objects/if_there.ts";
import { dirname } from "../../store/path.ts";
import { setAsideName } from "../instance/set_aside_name.ts";

/**
 * Gives a SQLite file whose rows were moved away a name under which nobody opens it by accident.
 * Gives that name; undefined when the file is not there, or its rows are not elsewhere.
 */
export async function setAside(host: Host, path: string): Promise<string | undefined> {
  if (!(await isSealed(host, path))) return undefined;
  bringLogIn(host, path);
  const { files } = host;
  const kept = freeName(host, path);
  files.rename(path, kept);
  // A log that others still read keeps its place beside the file.
  for (const end of ["-wal", "-journal"]) {
    if ((files.stat(path + end)?.size ?? 0) > 0) files.rename(path + end, kept + end);
    else ifThere(() => files.remove(path + end));
  }
  ifThere(() => files.remove(`${path}-shm`));
  files.flushDirectory(dirname(path));
  return kept;
}

async function isSealed(host: Host, path: string): Promise<boolean> {
  if (host.files.stat(path)?.kind !== "file") return false;
  const moving = await movingOf("sqlite");
  const database = openDatabase(host, { path });
  try {
    return await database.read((reader) => moving.sealOf(reader)) !== undefined;
  } finally {
    await database.close();
  }
}

function freeName({ files }: Host, path: string): string {
  const first = path + setAsideName;
  let name = first;
  for (let count = 2; files.lstat(name) !== null; count++) name = `${first}-${count}`;
  return name;
}
