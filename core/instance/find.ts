import { type DatabaseAddress, isPostgresUrl } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { basename, dirname, isAbsolute, join, resolve } from "../../store/path.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { readMark } from "./mark.ts";
import { remoteSchemeOf } from "./remote_root.ts";
import { setAsideName } from "./set_aside_name.ts";
import { type InstanceSettings, readAllowedText, SettingsFolder, slugOf } from "./settings.ts";
import { isSlugPart } from "./slug_part.ts";

/** Where an instance lies on this machine. */
export interface InstanceLocation {
  /**
   * The storage root: the folder that holds `.lamindb/`, absolute with links followed, or the URL
   * of a bucket as settings have it.
   */
  readonly root: string;
  /** The folder that keys are relative to: the root, or a project folder that points to it. */
  readonly workTree: string;
  readonly database: DatabaseAddress;
  /** The settings that name a server or a bucket; undefined where only the folder led here. */
  readonly settings?: InstanceSettings;
}

/**
 * Finds the instance for a command, as git finds its repository: the one asked for, else the
 * nearest folder upward with `.lamindb/` or with LaminDB's marker, else the one that `lamin
 * connect` chose.
 *
 * `wanted` is a folder, a slug `owner/name` or the URL of a bucket that holds one. Throws code
 * "no_instance".
 */
export function findInstance(host: Host, from: string, wanted?: string): InstanceLocation {
  const settings = new SettingsFolder(host);
  const asked = wanted ?? host.environment("LAMIN_CURRENT_INSTANCE");
  if (asked !== undefined) return findNamed(host, settings, from, asked);
  const upward = findUpward(host, settings, from);
  if (upward !== undefined) return upward;
  const current = settings.currentInstance();
  const location = current && locationOfSettings(host, current, from);
  if (location !== undefined) return location;
  refuseMoved(host, from);
  throw new LaminError("no_instance", `there is no instance in ${from} or in a folder above it`, {
    hint: "make one with 'lamin init', or name one with 'lamin connect PATH' or 'lamin -C PATH …'",
    data: { path: from },
  });
}

/** A folder whose rows somebody moved to a server that only that person's settings name. */
function refuseMoved({ files }: Host, from: string): void {
  for (let folder = from;; folder = dirname(folder)) {
    if (files.lstat(join(folder, `.lamindb/lamin.db${setAsideName}`)) !== null) {
      throw new LaminError(
        "no_instance",
        `the rows of the instance in ${folder} were moved to a server that is not known here`,
        {
          hint: "ask who ran 'lamin migrate-db', and copy the file 'instance--….env' of that " +
            "person's settings folder '~/.lamin'",
          data: { path: folder },
        },
      );
    }
    if (folder === dirname(folder)) return;
  }
}

function findNamed(
  host: Host,
  settings: SettingsFolder,
  from: string,
  asked: string,
): InstanceLocation {
  if (remoteSchemeOf(asked) !== undefined) return bucketAt(settings, from, asked);
  const path = resolve(from, asked);
  // A slug is no path, even where folders above the one that it would be belong to an instance.
  const here = host.files.stat(path) === null ? undefined : findUpward(host, settings, path);
  if (here !== undefined) return here;
  const [owner, name] = asked.includes("/")
    ? asked.replace(/^https:\/\/lamin\.ai\//, "").split("/", 2) as [string, string]
    : [settings.currentUser().handle, asked];
  const known = isAbsolute(asked) ? undefined : settings.instance(owner, name);
  const location = known && locationOfSettings(host, known, from);
  if (location !== undefined) return location;
  const slugs = settings.instances().map(slugOf);
  throw new LaminError("no_instance", `there is no instance at ${asked}`, {
    hint: slugs.length === 0
      ? "give the folder that holds '.lamindb/'"
      : `known on this machine: ${slugs.slice(0, 10).join(", ")}`,
    data: { wanted: asked },
  });
}

/** An instance with its database in a bucket that the user names. */
function bucketAt(settings: SettingsFolder, from: string, asked: string): InstanceLocation {
  const [place = "", query] = asked.split("?", 2);
  const root = place.replace(/\/+$/, "") + (query === undefined ? "" : `?${query}`);
  const known = settings.instances().find((one) =>
    one.storageRoot === root && one.databaseUrl === undefined
  );
  return inBucket(root, from, known);
}

function inBucket(
  root: string,
  workTree: string,
  settings: InstanceSettings | undefined,
): InstanceLocation {
  const database = { kind: "bucket", root } as const;
  return { root, workTree, database, ...(settings === undefined ? {} : { settings }) };
}

function findUpward(
  host: Host,
  settings: SettingsFolder,
  from: string,
): InstanceLocation | undefined {
  for (let folder = from;; folder = dirname(folder)) {
    const found = locationIn(host, folder) ?? followMark(host, settings, folder) ??
      followMarker(host, settings, folder);
    if (found !== undefined) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

/** An instance with a database of its own in its storage root. */
export interface OwnLocation extends InstanceLocation {
  readonly database: Extract<DatabaseAddress, { kind: "sqlite" }>;
}

/** The instance whose storage root is this very folder, with the database in it. */
export function locationIn(host: Host, folder: string): OwnLocation | undefined {
  if (host.files.stat(join(folder, ".lamindb"))?.kind !== "directory") return undefined;
  const path = databaseIn(host, folder);
  if (path === undefined) return undefined;
  const root = host.files.realPath(folder);
  return { root, workTree: root, database: { kind: "sqlite", path: join(root, path) } };
}

/**
 * The database of a storage root; LaminDB 1.x kept it beside `.lamindb/` under the instance's id.
 */
function databaseIn(host: Host, folder: string): string | undefined {
  const current = ".lamindb/lamin.db";
  if (host.files.stat(join(folder, current))?.kind === "file") return current;
  return host.files.readDirectory(folder)
    .find(({ name, kind }) => kind === "file" && /^[0-9a-f]{32}\.lndb$/.test(name))?.name;
}

/**
 * The instance whose bytes are in this very folder and whose rows are on a server: the mark gives
 * its slug, and only the user's own settings say which server.
 */
function followMark(
  host: Host,
  settings: SettingsFolder,
  folder: string,
): InstanceLocation | undefined {
  if (host.files.stat(join(folder, ".lamindb"))?.kind !== "directory") return undefined;
  const { owner, name } = readMark(host, folder) ?? {};
  if (!isSlugPart(owner) || !isSlugPart(name)) return undefined;
  const known = settings.instance(owner, name);
  if (known === undefined || known.storageRoot !== host.files.realPath(folder)) return undefined;
  return locationOfSettings(host, known, folder);
}

/** The instance that LaminDB's marker in a project folder names. */
function followMarker(
  host: Host,
  settings: SettingsFolder,
  folder: string,
): InstanceLocation | undefined {
  // In the home folder the marker is LaminDB's old way to name a default, not a project's.
  if (folder === host.homeDirectory()) return undefined;
  const slug = readAllowedText(host, join(folder, ".lamin", settings.markerName))?.trim();
  const [owner, name] = slug?.split("/") ?? [];
  if (!isSlugPart(owner) || !isSlugPart(name)) return undefined;
  const known = settings.instance(owner, name);
  // The folder may have moved together with the storage inside it.
  const location = (known && locationOfSettings(host, known, folder)) ??
    locationIn(host, join(folder, known ? basename(known.storageRoot) : "storage"));
  return location && { ...location, workTree: host.files.realPath(folder) };
}

/**
 * Where settings lead, if they lead to a folder on this machine, to a server or to a bucket. An
 * instance whose bytes are in a bucket has no folder of its own: its keys are then relative to
 * `workTree`.
 */
export function locationOfSettings(
  host: Host,
  settings: InstanceSettings,
  workTree: string,
): InstanceLocation | undefined {
  const { databaseUrl, storageRoot } = settings;
  const isFolder = isAbsolute(storageRoot);
  if (databaseUrl === undefined) {
    return isFolder ? locationIn(host, storageRoot) : inBucket(storageRoot, workTree, settings);
  }
  const path = sqlitePath(databaseUrl);
  if (path !== undefined && isFolder) {
    const own = locationIn(host, storageRoot);
    if (own?.database.path === path) return own;
  }
  const database = databaseAt(host, databaseUrl, path);
  if (database === undefined) return isFolder ? locationIn(host, storageRoot) : undefined;
  if (!isFolder) return { root: storageRoot, workTree, database, settings };
  const root = host.files.stat(storageRoot) === null
    ? storageRoot
    : host.files.realPath(storageRoot);
  return { root, workTree: root, database, settings };
}

/** Undefined for a file that is not there. */
function databaseAt(host: Host, url: string, path?: string): DatabaseAddress | undefined {
  if (path !== undefined) {
    return host.files.stat(path)?.kind === "file" ? { kind: "sqlite", path } : undefined;
  }
  if (isPostgresUrl(url)) return { kind: "postgres", url };
  throw new LaminError("failed", `there is no way to the database ${withoutPassword(url)}`, {
    hint: "URLs of databases begin with 'postgresql://' or 'sqlite:///'",
  });
}

/** The absolute path in a URL of a SQLite file. */
function sqlitePath(url: string): string | undefined {
  const path = /^sqlite:\/\/\/(.*)$/s.exec(url)?.[1];
  return path === undefined || isAbsolute(path) ? path : `/${path}`;
}
