import { FileError, type Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";

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
 * LaminDB's folder of settings, through which Python finds instances (COMPAT §1.1). Files of another
 * `LAMIN_ENV` than `prod` have that name as prefix.
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

  /** The settings of `owner/name`, or undefined when there are none. */
  instance(owner: string, name: string): InstanceSettings | undefined {
    return this.#readInstance(this.#instancePath(owner, name));
  }

  /** The instance that `lamin connect` chose for every folder. */
  currentInstance(): InstanceSettings | undefined {
    return this.#readInstance(join(this.path, `${this.#prefix}current_instance.env`));
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

  /** Name and uid of the branch chosen outside of any project folder, if one is. */
  currentBranch(settings: { owner: string; name: string }): string | undefined {
    const name = `${this.#prefix}current-branch--${settings.owner}--${settings.name}.txt`;
    return readText(this.host, join(this.path, name))?.split("\n")[0]?.trim() || undefined;
  }

  /** Writes the settings of an instance, so that Python finds it under its slug. */
  writeInstance(settings: InstanceSettings): void {
    this.#write(this.#instancePath(settings.owner, settings.name), instanceText(settings));
  }

  /** Makes an instance the one of every folder that belongs to none. */
  writeCurrentInstance(settings: InstanceSettings): void {
    const path = join(this.path, `${this.#prefix}current_instance.env`);
    this.#write(path, instanceText(settings));
  }

  #instancePath(owner: string, name: string): string {
    return join(this.path, `${this.#prefix}instance--${owner}--${name}.env`);
  }

  #readInstance(path: string): InstanceSettings | undefined {
    const values = this.#read(path);
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
  #read(path: string): Map<string, string> | undefined {
    const text = readText(this.host, path);
    if (text === undefined) return undefined;
    const values = new Map<string, string>();
    for (const line of text.split("\n")) {
      const at = line.indexOf("=");
      if (at < 0) continue;
      const value = line.slice(at + 1).trim().replace(/^(['"])(.*)\1$/, "$2");
      values.set(line.slice(0, at).trim(), value === "null" ? "" : value);
    }
    return values;
  }

  /** Writes beside and renames, so that nobody reads half a file. */
  #write(path: string, text: string): void {
    this.host.files.makeDirectory(this.path, { recursive: true });
    const temporary = `${path}.${this.host.randomBytes(4).toHex()}`;
    this.host.files.writeFile(temporary, new TextEncoder().encode(text), { createNew: true });
    this.host.files.rename(temporary, path);
  }
}

/** `owner/name`. */
export function slugOf(settings: { owner: string; name: string }): string {
  return `${settings.owner}/${settings.name}`;
}

/** A small text file, or undefined when there is none. */
export function readText(host: Host, path: string): string | undefined {
  try {
    return new TextDecoder().decode(host.files.readFile(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function instanceText(settings: InstanceSettings): string {
  const values: Record<string, string> = {
    owner: settings.owner,
    name: settings.name,
    storage_root: settings.storageRoot,
    storage_region: "null",
    db: settings.databaseUrl ?? "null",
    schema_str: settings.modules.join(",") || "null",
    id: settings.id,
    git_repo: "null",
    keep_artifacts_local: "False",
    api_url: "null",
    schema_id: "null",
    fine_grained_access: "False",
    db_permissions: "null",
    is_clone: "False",
  };
  return Object.entries(values).map(([key, value]) => `lamindb_instance_${key}=${value}\n`).join(
    "",
  );
}
