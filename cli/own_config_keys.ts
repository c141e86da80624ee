import { defaultCacheBytesMax, openCache } from "../core/cache/open_cache.ts";
import { changeOwnSettings, readOwnSettings } from "../core/instance/own_settings.ts";
import { remoteSchemeOf } from "../core/instance/remote_root.ts";
import { formatBytes } from "../core/text/quantity.ts";
import { parseBytes } from "../core/text/parse_bytes.ts";
import { LaminError } from "../store/errors.ts";
import { isAbsolute } from "../store/path.ts";
import type { ConfigKey } from "./config_keys.ts";

/** What only lamin is told, and Python does not know. */
export const ownConfigKeys: Readonly<Record<string, ConfigKey>> = {
  storages: {
    about: "Servers and buckets that may be asked, separated by commas",
    scope: "user",
    get: ({ host }) => Promise.resolve(readOwnSettings(host).storages?.join(",") || null),
    set: ({ host }, value) => {
      const storages = (value ?? "").split(",").map((root) => root.trim()).filter(Boolean);
      const wrong = storages.find((root) => remoteSchemeOf(root) === undefined);
      if (wrong !== undefined) {
        throw new LaminError("usage", `'${wrong}' is no URL of a server or bucket`, {
          hint: "for example s3://lab-bucket/atlas",
        });
      }
      changeOwnSettings(host, { storages: value === null ? undefined : storages });
      return Promise.resolve();
    },
  },
  "cache.dir": {
    about: "Folder of what is kept of contents on servers",
    scope: "user",
    get: ({ host }) => Promise.resolve(openCache(host).folder),
    set: ({ host }, value) => {
      if (value !== null && !isAbsolute(value)) {
        throw new LaminError("usage", `'${value}' is no absolute path`);
      }
      changeOwnSettings(host, { cacheFolder: value ?? undefined });
      return Promise.resolve();
    },
  },
  "cache.limit": {
    about: "Most that is kept there",
    scope: "user",
    get: ({ host }) =>
      Promise.resolve(formatBytes(readOwnSettings(host).cacheBytesMax ?? defaultCacheBytesMax)),
    set: ({ host }, value) => {
      changeOwnSettings(host, { cacheBytesMax: value === null ? undefined : parseBytes(value) });
      return Promise.resolve();
    },
  },
};
