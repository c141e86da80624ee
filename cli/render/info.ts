import type { InstanceInfo } from "../../core/instance/info.ts";
import type { Instance } from "../../core/instance/instance.ts";
import type { JsonObject, Output } from "../output.ts";
import { leasedText } from "./leased.ts";
import { formatBytes, plural } from "./quantity.ts";

/** What `lamin info --json` prints. */
export function infoJson(instance: Instance, info: InstanceInfo): JsonObject {
  const { identity, counts, database } = info;
  return {
    slug: `${identity.owner}/${identity.name}`,
    id: identity.id,
    uid: identity.uid,
    root: instance.location.root,
    work_tree: instance.location.workTree,
    database: { path: database.path, size: database.size, journal_mode: database.journalMode },
    schema: { state: instance.schema.state, migration: instance.schema.newest ?? null },
    modules: info.modules,
    storages: info.storages.map(({ uid, root, type, instance_uid }) => ({
      uid,
      root,
      type,
      instance_uid,
      is_own: uid === instance.ownStorage.uid,
    })),
    branch: info.branch,
    user: { ...instance.user },
    counts: {
      artifacts: counts.artifacts,
      versions: counts.versions,
      trashed: counts.trashed,
      bytes: counts.bytes,
      objects: counts.objects,
      object_bytes: counts.objectBytes,
      not_fetched: counts.notFetched,
      not_fetched_bytes: counts.notFetchedBytes,
    },
    readers: info.leases.map(({ uid, reader, place, contents, awaited }) => ({
      uid,
      reader,
      place,
      contents: contents ?? null,
      awaited,
    })),
    settings: instance.settings.path,
    python_settings: info.pythonSettings ?? null,
    moved_from: instance.moved ? instance.storedRoot : null,
    other_copy: info.otherCopy?.root ?? null,
    remedy: remedy(instance, info) ?? null,
  };
}

/** For people: a line for each thing, and what to do when something is not as it should be. */
export function renderInfo(instance: Instance, info: InstanceInfo, output: Output): string {
  const { safe, paint } = output;
  const { identity, counts, database } = info;
  const { schema, user, location } = instance;
  const lines: [string, string][] = [
    ["instance", paint.bold(safe(`${identity.owner}/${identity.name}`))],
    ["id", `${safe(identity.id)} (uid ${identity.uid})`],
    ["root", safe(location.root)],
    ...(location.workTree === location.root
      ? []
      : [["work tree", safe(location.workTree)] as [string, string]]),
    ["database", `${safe(database.path)}, ${formatBytes(database.size)}${journal(info)}`],
    ["schema", `${schema.state}, migration ${safe(schema.newest ?? "none")}`],
    ["modules", info.modules.length === 0 ? "none" : safe(info.modules.join(", "))],
    ...storageLines(instance, info, output),
    ["branch", safe(info.branch)],
    ["user", safe(user.name === null ? user.handle : `${user.handle} (${user.name})`)],
    [
      "artifacts",
      `${counts.artifacts} in ${plural(counts.versions, "version")}, ${
        formatBytes(counts.bytes)
      }; ${counts.trashed} in the trash`,
    ],
    ["objects", `${counts.objects}, ${formatBytes(counts.objectBytes)}`],
    ...notFetchedLine(info),
    ...info.leases.map((lease): [string, string] => [
      "read by",
      `${safe(lease.reader)}, ${leasedText(lease)}`,
    ]),
    ["settings", safe(info.pythonSettings ?? instance.settings.path)],
  ];
  const shown = lines.map(([name, value]) => `${paint.dim(name.padEnd(10))} ${value}`);
  const todo = remedy(instance, info);
  return [...shown, ...(todo === undefined ? [] : [`${paint.yellow("!")} ${safe(todo)}`])]
    .join("\n");
}

function notFetchedLine({ counts }: InstanceInfo): [string, string][] {
  if (counts.notFetched === 0) return [];
  const size = formatBytes(counts.notFetchedBytes);
  return [[
    "not here",
    `${plural(counts.notFetched, "version")}, ${size}: 'lamin fetch' brings them`,
  ]];
}

function journal({ database }: InstanceInfo): string {
  return database.journalMode === null ? "" : `, journal ${database.journalMode}`;
}

function storageLines(
  instance: Instance,
  info: InstanceInfo,
  { safe }: Output,
): [string, string][] {
  const others = info.storages.filter((row) => row.uid !== instance.ownStorage.uid);
  return others.map((row) => ["storage", `${safe(row.root)} (uid ${safe(row.uid)})`]);
}

/** What to do about it when Python would not find the instance, or find it elsewhere. */
function remedy(instance: Instance, info: InstanceInfo): string | undefined {
  const { root } = instance.location;
  const isFound = info.pythonSettings !== undefined;
  if (info.otherCopy?.isPythons) {
    return `Python works on the copy in ${info.otherCopy.root}, also from here: ` +
      `'lamin op compare ${info.otherCopy.root}' tells the two apart, ` +
      `'lamin connect ${root}' lets Python work on this one`;
  }
  if (info.otherCopy !== undefined) {
    return `it is a copy of the one in ${info.otherCopy.root}: ` +
      `run 'lamin connect ${root}' to work on this one with Python`;
  }
  if (instance.moved && (instance.schema.state === "known" || !isFound)) {
    return `it was moved here from ${instance.storedRoot}: run 'lamin connect ${root}'`;
  }
  if (instance.moved) {
    return `its database says ${instance.storedRoot} until it is of a version that can be written`;
  }
  return isFound ? undefined : `Python does not find it: run 'lamin connect ${root}'`;
}
