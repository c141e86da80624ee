import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** All rows of all tables of a database as text, to tell whether anything changed. */
export function rowsIn(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    ).all() as { name: string }[];
    return tables.map(({ name }) => {
      const statement = database.prepare(`SELECT * FROM "${name.replaceAll('"', '""')}"`);
      statement.setReadBigInts(true);
      const rows = statement.all().map((row) =>
        JSON.stringify(row, (_, value) => typeof value === "bigint" ? `${value}n` : value)
      );
      return [name, ...rows].join("\n");
    }).join("\n");
  } finally {
    database.close();
  }
}

/**
 * Everything below a folder: kinds, link targets, permission bits, sizes and SHA-256. `skip` leaves
 * out paths relative to the folder.
 */
export function filesIn(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Map<string, string> {
  const found = new Map<string, string>();
  const pending = [""];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const { name } of Deno.readDirSync(`${folder}/${at}`)) {
      const path = at === "" ? name : `${at}/${name}`;
      if (skip(path)) continue;
      const absolute = `${folder}/${path}`;
      const stat = Deno.lstatSync(absolute);
      if (stat.isDirectory) pending.push(path);
      found.set(path, describe(absolute, stat));
    }
  }
  return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

function describe(path: string, stat: Deno.FileInfo): string {
  if (stat.isSymlink) return `link to ${Deno.readLinkSync(path)}`;
  if (stat.isDirectory) return "folder";
  if (!stat.isFile) return "special";
  const sha256 = createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
  return `file ${((stat.mode ?? 0) & 0o777).toString(8)} ${stat.size} ${sha256}`;
}
