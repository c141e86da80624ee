import { enabledModules } from "../core/instance/enabled_modules.ts";
import { SettingsFolder } from "../core/instance/settings.ts";
import { currentBranchId } from "../core/instance/user.ts";
import { branch } from "../core/registry/lamindb/branch.ts";
import { nearest } from "../core/text/nearest.ts";
import { LaminError } from "../store/errors.ts";
import type { Context } from "./context.ts";
import { ownConfigKeys } from "./own_config_keys.ts";

/**
 * One thing that `lamin config` shows or sets: all of them are read by lamin, by Python or by both.
 */
export interface ConfigKey {
  readonly about: string;
  /** Whose setting it is: the user's on this machine, or of one instance. */
  readonly scope: "user" | "instance";
  get(context: Context): Promise<string | null>;
  /**
   * Sets it; null takes it back. Missing where something else has to be done, which `instead` says.
   */
  readonly set?: (context: Context, value: string | null) => Promise<void>;
  readonly instead?: string;
}

const login = "Python's 'lamin login' writes it";

/** All keys. */
export const configKeys: Readonly<Record<string, ConfigKey>> = {
  "user.handle": {
    about: "Handle of the person who works",
    scope: "user",
    get: (context) => Promise.resolve(userOf(context).handle),
    instead: login,
  },
  "user.name": {
    about: "Name of the person who works",
    scope: "user",
    get: (context) => Promise.resolve(userOf(context).name),
    instead: login,
  },
  "dev-dir": {
    about: "Folder that keys are relative to",
    scope: "instance",
    get: async (context) => (await context.instance({ readOnly: true })).location.workTree,
    instead: "'lamin connect owner/name --here' in a folder makes it that",
  },
  branch: {
    about: "Branch that new records go to",
    scope: "instance",
    get: async (context) => {
      const instance = await context.instance({ readOnly: true });
      return await instance.database.read(async (reader) => {
        const id = await currentBranchId(instance, reader);
        return (await reader.select(branch, "id = ?", [id]))[0]?.name ?? null;
      });
    },
    instead: "'lamin switch NAME' changes it",
  },
  modules: {
    about: "Modules that are switched on, separated by commas",
    scope: "instance",
    get: async (context) => {
      const instance = await context.instance({ readOnly: true });
      const { modules } = await import("./modules.ts");
      const names = await instance.database.read((reader) =>
        enabledModules(instance, reader, modules)
      );
      return names.join(",") || null;
    },
    set: async (context, value) => {
      const { modules } = await import("./modules.ts");
      const { setModules } = await import("../core/instance/set_modules.ts");
      const names = (value ?? "").split(",").map((name) => name.trim()).filter(Boolean);
      const operation = context.operation("config");
      await setModules(await context.instance(), names, modules, operation);
    },
  },
  ...ownConfigKeys,
};

function userOf(context: Context) {
  return new SettingsFolder(context.host).currentUser();
}

/**
 * The key of this name, which may be written with `_`. Throws code "not_found" with the nearest.
 */
export function findConfigKey(name: string): { name: string; key: ConfigKey } {
  const written = name.toLowerCase().replaceAll("_", "-");
  const key = Object.hasOwn(configKeys, written) ? configKeys[written] : undefined;
  if (key !== undefined) return { name: written, key };
  const names = Object.keys(configKeys);
  const near = nearest(name, names);
  throw new LaminError("not_found", `there is no setting '${name}'`, {
    hint: near.length > 0 ? `did you mean '${near[0]}'?` : `settings: ${names.join(", ")}`,
    data: { key: name },
  });
}
