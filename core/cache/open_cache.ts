import { ContentCache } from "../../store/cache/content_cache.ts";
import type { Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { readOwnSettings } from "../instance/own_settings.ts";

/** Most bytes in the cache unless the user says otherwise. */
export const defaultCacheBytesMax = 20 * 1024 ** 3;

const opened = new WeakMap<Host, ContentCache>();

/** The cache of this user, as the settings have it. */
export function openCache(host: Host): ContentCache {
  const known = opened.get(host);
  if (known !== undefined) return known;
  const { cacheFolder, cacheBytesMax } = readOwnSettings(host);
  const folder = cacheFolder ?? defaultCacheFolder(host);
  const cache = new ContentCache(host, folder, cacheBytesMax ?? defaultCacheBytesMax);
  opened.set(host, cache);
  return cache;
}

/** Where programs of the system keep what can be had again. Python's LaminDB has its own there. */
export function defaultCacheFolder(host: Host): string {
  const base = {
    linux: host.environment("XDG_CACHE_HOME") ?? join(host.homeDirectory(), ".cache"),
    darwin: join(host.homeDirectory(), "Library/Caches"),
    windows: host.environment("LOCALAPPDATA") ?? join(host.homeDirectory(), "AppData/Local"),
  }[host.platform];
  return join(base, "lamin");
}
