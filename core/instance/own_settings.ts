import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { dirname, join } from "../../store/path.ts";
import { readAllowedText, SettingsFolder } from "./settings.ts";

/** What lamin alone is told for this machine, beside LaminDB's settings, which Python reads too. */
export interface OwnSettings {
  /** Roots of servers and buckets that this user named; no other is ever asked for anything. */
  readonly storages?: readonly string[];
  /** Absolute path of the folder of the cache. */
  readonly cacheFolder?: string;
  /** Most bytes that the cache may hold. */
  readonly cacheBytesMax?: number;
  /** Places of other instances by name, by the uid of the own storage of who calls them so. */
  readonly remotes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The settings of the user. Throws code "failed" for a file that is none of ours. */
export function readOwnSettings(host: Host): OwnSettings {
  const path = pathOf(host);
  const text = readAllowedText(host, path);
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return checked({ ...value });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new LaminError("failed", `${path} cannot be read as settings`, {
    hint: "correct it, or remove it: it is made anew",
    data: { path },
  });
}

/** Values of other types than they should be count as not there. */
function checked(value: Readonly<Record<string, unknown>>): OwnSettings {
  const { storages, cacheFolder, cacheBytesMax, remotes } = value as {
    [K in keyof OwnSettings]?: unknown;
  };
  return {
    ...(Array.isArray(storages)
      ? { storages: storages.filter((one): one is string => typeof one === "string") }
      : {}),
    ...(typeof cacheFolder === "string" ? { cacheFolder } : {}),
    ...(typeof cacheBytesMax === "number" && cacheBytesMax >= 0 ? { cacheBytesMax } : {}),
    ...(isRecord(remotes) ? { remotes: mapped(remotes, namesOnly) } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function namesOnly(value: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function mapped<T>(
  values: Readonly<Record<string, unknown>>,
  map: (value: unknown) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

/** Changes some of them; undefined takes one back. */
export function changeOwnSettings(
  host: Host,
  change: { readonly [K in keyof OwnSettings]: OwnSettings[K] | undefined },
): void {
  const path = pathOf(host);
  const settings = { ...readOwnSettings(host), ...change };
  host.files.makeDirectory(dirname(path), { recursive: true });
  replaceFile(host, path, new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`));
}

function pathOf(host: Host): string {
  return join(new SettingsFolder(host).path, "lamin.json");
}
