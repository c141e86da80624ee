import { FileError, type Host } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { ifThere } from "../../store/objects/if_there.ts";
import { dirname, join } from "../../store/path.ts";

/** An instance as its settings file describes it (COMPAT §1.3). */
export interface InstanceSettings {
  readonly owner: string;
  readonly name: string;
  readonly storageRoot: string;
  /** Database URL; undefined for SQLite at the default place. */
  readonly databaseUrl: string | undefined;
  readonly modules: readonly string[];
  /** 32 hex digits. */
  readonly id: string;
}

/** The person who works, as LaminDB's settings name them (COMPAT §1.3). */
export interface UserSettings {
  readonly uid: string;
  readonly handle: string;
  readonly name: string | null;
}

const anonymous: UserSettings = { uid: "00000000", handle: "anonymous", name: null };

/**
 * LaminDB's folder of settings, through which Python finds instances (COMPAT §1.1). Files of
 * another `LAMIN_ENV` than `prod` have that name as prefix.
 */
export class SettingsFolder {
  readonly path: string;
  readonly #prefix: string;

  constructor(private readonly host: Host) {
    const base = host.environment("LAMIN_SETTINGS_DIR") ?? host.homeDirectory();
    this.path = join(base, ".lamin");
    const environment = host.environment("LAMIN_ENV");
    this.#prefix = environment === undefined || environment === "prod" ? "" : `${environment}--`;
  }

  /** Name of the marker file in `<dir>/.lamin/` that says which instance a folder belongs to. */
  get markerName(): string {
    return `${this.#prefix}current_instance`;
  }

  /**
   * The settings of `owner/name`, or undefined when there are none; `read` says what becomes of
   * those that may not be read.
   */
  instance(owner: string, name: string, read = readAllowedText): InstanceSettings | undefined {
    return this.#readInstance(this.#instancePath(owner, name), read);
  }

  /** The instance that `lamin connect` chose for every folder. */
  currentInstance(): InstanceSettings | undefined {
    return this.#readInstance(this.#currentPath);
  }

  /** Every instance that has settings here. */
  instances(): InstanceSettings[] {
    if (this.host.files.stat(this.path)?.kind !== "directory") return [];
    const found: InstanceSettings[] = [];
    for (const { name } of this.host.files.readDirectory(this.path)) {
      if (!name.startsWith(`${this.#prefix}instance--`) || !name.endsWith(".env")) continue;
      const settings = this.#readInstance(join(this.path, name));
      if (settings !== undefined) found.push(settings);
    }
    return found.sort((a, b) => slugOf(a) < slugOf(b) ? -1 : 1);
  }

  currentUser(): UserSettings {
    const values = this.#read(join(this.path, `${this.#prefix}current_user.env`));
    const uid = values?.get("lamin_user_uid");
    const handle = values?.get("lamin_user_handle");
    if (!uid || !handle) return anonymous;
    return { uid, handle, name: values?.get("lamin_user_name") || null };
  }

  /** Uid of the branch chosen outside of any project folder, if one is. */
  currentBranch(settings: { owner: string; name: string }): string | undefined {
    const name = branchFileOf(settings);
    // Before LaminDB 2.12 the name had the prefix.
    const text = readAllowedText(this.host, join(this.path, name)) ??
      readAllowedText(this.host, join(this.path, `${this.#prefix}${name}`));
    return text?.split("\n")[0]?.trim() || undefined;
  }

  /** Notes a branch, as the two lines that LaminDB has, for what is outside of project folders. */
  writeCurrentBranch(settings: { owner: string; name: string }, text: string): void {
    this.#write(join(this.path, branchFileOf(settings)), text);
  }

  /**
   * Writes the settings of an instance, so that Python finds it under its slug; what Python noted
   * there besides is kept. Returns the path of the file.
   */
  writeInstance(settings: InstanceSettings): string {
    const path = this.#instancePath(settings.owner, settings.name);
    this.#write(path, instanceText(settings, this.#read(path)));
    return path;
  }

  /**
   * Makes an instance, of which `writeInstance` was called, the one of folders that belong to none.
   */
  writeCurrentInstance(settings: InstanceSettings): string {
    const noted = this.#read(this.#instancePath(settings.owner, settings.name));
    this.#write(this.#currentPath, instanceText(settings, noted));
    return this.#currentPath;
  }

  /** Takes back `writeCurrentInstance`; gives the file that was removed, if there was one. */
  removeCurrentInstance(): string | undefined {
    if (this.host.files.lstat(this.#currentPath) === null) return undefined;
    this.host.files.remove(this.#currentPath);
    return this.#currentPath;
  }

  get #currentPath(): string {
    return join(this.path, `${this.#prefix}current_instance.env`);
  }

  /** The file with the settings of an instance, whether it is there or not. */
  fileOf({ owner, name }: { owner: string; name: string }): string {
    return this.#instancePath(owner, name);
  }

  #instancePath(owner: string, name: string): string {
    return join(this.path, `${this.#prefix}instance--${owner}--${name}.env`);
  }

  #readInstance(path: string, read = readAllowedText): InstanceSettings | undefined {
    const values = this.#read(path, read);
    const get = (key: string) => values?.get(`lamindb_instance_${key}`);
    const [owner, name, storageRoot, id] = ["owner", "name", "storage_root", "id"].map(get);
    if (!owner || !name || !storageRoot || !id) return undefined;
    return {
      owner,
      name,
      storageRoot,
      id: id.replaceAll("-", ""),
      databaseUrl: get("db") || undefined,
      modules: (get("schema_str") ?? "").split(",").map((part) => part.trim()).filter(Boolean),
    };
  }

  /** Keys and values of a dotenv file; `null` counts as empty. Undefined when there is no file. */
  #read(path: string, read = readAllowedText): Map<string, string> | undefined {
    const text = read(this.host, path);
    if (text === undefined) return undefined;
    return readDotenv(text);
  }

  #write(path: string, text: string): void {
    const { files } = this.host;
    const isNew = files.stat(this.path) === null;
    files.makeDirectory(this.path, { recursive: true });
    if (isNew) files.flushDirectory(dirname(this.path));
    replaceFile(this.host, path, new TextEncoder().encode(text));
  }
}

function branchFileOf({ owner, name }: { owner: string; name: string }): string {
  return `current-branch--${owner}--${name}.txt`;
}

/** `owner/name`. */
export function slugOf(settings: { owner: string; name: string }): string {
  return `${settings.owner}/${settings.name}`;
}

/**
 * A small text file, or undefined when there is none. A pipe under its name, which would be waited
 * for, is none. Throws a FileError when it cannot be read.
 */
export function readText(host: Host, path: string): string | undefined {
  if (host.files.stat(path)?.kind !== "file") return undefined;
  return ifThere(() => new TextDecoder().decode(host.files.readFile(path)));
}

/**
 * As {@link readText}, but also undefined for what may not be read: services run with homes that
 * are not theirs, and above a folder there are those of others.
 */
export function readAllowedText(host: Host, path: string): string | undefined {
  try {
    return readText(host, path);
  } catch (error) {
    if (error instanceof FileError && ["EACCES", "EPERM"].includes(error.code)) return undefined;
    throw error;
  }
}

const keyPrefix = "lamindb_instance_";

function instanceText(settings: InstanceSettings, noted?: ReadonlyMap<string, string>): string {
  const keep = (key: string, otherwise: string) => noted?.get(keyPrefix + key) || otherwise;
  const values: Record<string, string> = {
    owner: settings.owner,
    name: settings.name,
    storage_root: settings.storageRoot,
    storage_region: keep("storage_region", "null"),
    db: settings.databaseUrl ?? "null",
    schema_str: settings.modules.join(",") || "null",
    id: settings.id,
    git_repo: keep("git_repo", "null"),
    keep_artifacts_local: keep("keep_artifacts_local", "False"),
    api_url: keep("api_url", "null"),
    schema_id: keep("schema_id", "null"),
    fine_grained_access: keep("fine_grained_access", "False"),
    db_permissions: keep("db_permissions", "null"),
    is_clone: keep("is_clone", "False"),
  };
  return Object.entries(values).map(([key, value]) => `${keyPrefix}${key}=${quoted(value)}\n`)
    .join("");
}

/**
 * The value as a dotenv file has it: in quotes where it could be cut, trimmed or taken for quoted.
 */
function quoted(value: string): string {
  if (!/[#'"\\\p{Cc}\p{Zl}\p{Zp}]|^\s|\s$/u.test(value)) return value;
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}

/** A key, and a value in quotes, which may go over several lines, or up to the end of the line. */
const assignment =
  /^[^\S\n]*([^\s=#][^=\n]*?)[^\S\n]*=[^\S\n]*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|([^\n]*))/gms;

function readDotenv(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, key, single, double, plain] of text.matchAll(assignment)) {
    const value = single?.replace(/\\([\\'])/g, "$1") ?? double ??
      plain!.replace(/\s+#.*$/, "").trim();
    values.set(key!, value === "null" ? "" : value);
  }
  return values;
}
