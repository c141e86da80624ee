import assert from "node:assert/strict";
import type { Workspace } from "../lamin.ts";
import { type RawDatabase, withRaw } from "../raw_database.ts";
import { hotKey } from "./actor.ts";
import { isWhole } from "./content.ts";
import type { Taken } from "./worker.ts";

/** Failures that a command may end with because of what others did. */
const expected: Readonly<Record<string, readonly string[]>> = {
  rm: ["not_found"],
  mv: ["not_found", "conflict"],
  restore: ["not_found", "conflict"],
  undo: ["not_found", "conflict"],
  cat: ["not_found"],
  get: ["not_found"],
  show: ["not_found"],
  log: ["not_found"],
};

/** A command ends well, or in one clear sentence about what it named; never for want of a lock. */
export function checkAnswers(taken: readonly Taken[]): void {
  for (const { words, code, stdout, stderr, isWhole } of taken) {
    const shown = `lamin ${words.join(" ")}: ${code} ${stderr}`;
    assert.notEqual(isWhole, false, `wrong or half bytes: ${shown}`);
    assert.doesNotMatch(stderr, /should not happen|locked|\bat .*\.ts:\d+/, shown);
    if (code === 0) continue;
    assert.notEqual(words[0], "fsck", `${shown}${stdout}`);
    const failure = words[0] === "cat" ? plainFailure(stderr) : JSON.parse(stderr).error;
    assert.ok(expected[words[0]!]?.includes(failure), shown);
  }
}

function plainFailure(stderr: string): string {
  return /^✗ (there is no|.* is no longer there)/.test(stderr) ? "not_found" : stderr;
}

interface Row {
  readonly uid: string;
  readonly key: string | null;
  readonly sha256: string;
  readonly branch_id: number;
  readonly is_latest: number;
}

/** What the database and the store hold at the end agrees with what the commands said. */
export async function checkEnd(workspace: Workspace, taken: readonly Taken[]): Promise<void> {
  withRaw(workspace.root, (database) => {
    const rows = database.all(
      `SELECT a.uid, a.key, c.sha256, a.branch_id, a.is_latest
       FROM lamindb_artifact AS a JOIN lamin_content AS c ON c.artifact_id = a.id`,
    ) as unknown as Row[];
    const deleted = deletedUids(database);
    checkOperations(database, taken);
    checkAdded(rows, deleted, taken);
    checkHeads(rows);
    checkVersions(rows, deleted);
  });
  checkFiles(workspace.root);
  assert.deepEqual(await faults(workspace), []);
  await workspace.lamin("gc", "--grace", "0", "--apply");
  const left = await workspace.json("fsck", "--deep");
  assert.deepEqual(left, [], "after garbage was collected nothing is to be said");
}

/** Uids of the artifacts that operations deleted, by the log. */
function deletedUids(database: RawDatabase): ReadonlySet<string> {
  const rows = database.all(
    `SELECT "before" FROM lamin_change
     WHERE table_name = 'lamindb_artifact' AND "before" IS NOT NULL AND "after" IS NULL`,
  );
  return new Set(rows.map((row) => JSON.parse(row["before"] as string).uid));
}

/** The log has exactly the commands that said they changed something, each once. */
function checkOperations(database: RawDatabase, taken: readonly Taken[]): void {
  const logged = database.all("SELECT CAST(command AS TEXT) AS command FROM lamin_operation")
    .map((row) => row["command"] as string);
  const said = taken.filter(hasChanged).map(({ words }) => JSON.stringify(words));
  assert.deepEqual(logged.toSorted(), said.toSorted());
}

const changing = ["add", "rm", "mv", "restore", "undo"];

function hasChanged({ words, code, stdout }: Taken): boolean {
  if (code !== 0) return false;
  const said = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  if (words[0] === "add") return said.some(({ status }) => status !== "unchanged");
  if (words[0] === "gc") return said.some(({ status }) => status === "deleted");
  return changing.includes(words[0]!);
}

/** What an addition said it added is there with its content, or was deleted by a command. */
function checkAdded(
  rows: readonly Row[],
  deleted: ReadonlySet<string>,
  taken: readonly Taken[],
): void {
  const byUid = new Map(rows.map((row) => [row.uid, row]));
  const contents = new Map<string, string>();
  for (const { words, code, stdout, adds } of taken) {
    if (words[0] !== "add" || code !== 0) continue;
    const shown = `lamin ${words.join(" ")}: ${stdout}`;
    const said = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    assert.deepEqual(said.map(({ key }) => key), Object.keys(adds), shown);
    for (const { uid, key } of said) {
      const sha256 = adds[key]!;
      assert.equal(contents.get(uid) ?? sha256, sha256, `a uid means one content: ${shown}`);
      contents.set(uid, sha256);
      const row = byUid.get(uid);
      if (row === undefined) assert.ok(deleted.has(uid), `lost: ${shown}`);
      else assert.equal(row.sha256, sha256, `other content: ${shown}`);
    }
  }
}

/** A family has one latest version on a branch, a key one family, and no content is there twice. */
function checkHeads(rows: readonly Row[]): void {
  assert.equal(new Set(rows.map(({ uid }) => uid)).size, rows.length, "uids are unique");
  const live = rows.filter(({ branch_id }) => branch_id === 1);
  for (const [stem, family] of Map.groupBy(live, ({ uid }) => uid.slice(0, -4))) {
    assert.equal(family.filter((row) => row.is_latest).length, 1, `one latest version of ${stem}`);
  }
  const heads = live.filter((row) => row.is_latest).map(({ key }) => key);
  assert.deepEqual(heads.toSorted(), [...new Set(heads)].toSorted(), "a key means one artifact");
  const twins = live.map(({ key, sha256 }) => `${key} ${sha256}`);
  assert.equal(new Set(twins).size, twins.length, "no version is there twice");
}

/** Versions are numbered without a gap, but for those that were deleted. */
function checkVersions(rows: readonly Row[], deleted: ReadonlySet<string>): void {
  const hot = [...rows.filter(({ key }) => key === hotKey).map(({ uid }) => uid)];
  const stems = new Set(hot.map((uid) => uid.slice(0, -4)));
  for (const stem of stems) {
    const there = new Set(hot.filter((uid) => uid.startsWith(stem)));
    const last = [...there].toSorted().at(-1)!;
    for (let uid = `${stem}0000`; uid !== last; uid = next(uid)) {
      assert.ok(there.has(uid) || deleted.has(uid), `${uid} was lost`);
    }
  }
}

function next(uid: string): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const last = digits.indexOf(uid.at(-1)!) + 1;
  if (last < digits.length) return uid.slice(0, -1) + digits[last];
  return next(uid.slice(0, -1)) + digits[0];
}

/** Files in the work tree are as they were written, or whole ones that were fetched. */
function checkFiles(folder: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (name.startsWith(".lamin")) continue;
    if (isDirectory) checkFiles(path);
    else assert.ok(isWhole(Deno.readFileSync(path)), path);
  }
}

async function faults(workspace: Workspace) {
  const { stdout } = await workspace.run(["fsck", "--deep", "--json"]);
  const found = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return found.filter(({ kind }) => kind !== "unreferenced");
}
