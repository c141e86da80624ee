import { isPostgresUrl } from "../../../store/database/address.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { resolve } from "../../../store/path.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import type { Instance } from "../../instance/instance.ts";
import { changeOwnSettings, readOwnSettings } from "../../instance/own_settings.ts";
import { remoteSchemeOf } from "../../instance/remote_root.ts";
import { nearest } from "../../text/nearest.ts";

/** Another instance under a name of this one's. */
export interface Remote {
  readonly name: string;
  /** Absolute path of its folder, or a URL. */
  readonly url: string;
}

/** Kinds of places at which instances can be. */
export type RemoteKind = "path" | "bucket" | "postgres" | "http" | "ssh";

const kinds: Readonly<Record<string, RemoteKind>> = {
  s3: "bucket",
  gs: "bucket",
  postgres: "postgres",
  postgresql: "postgres",
  http: "http",
  https: "http",
  ssh: "ssh",
};

/**
 * The remotes of an instance. They are the user's, on this machine: nothing that a data folder
 * holds makes anybody talk to a server.
 */
export function remotesOf(instance: Instance): readonly Remote[] {
  const noted = readOwnSettings(instance.host).remotes?.[keyOf(instance)] ?? {};
  return Object.entries(noted).map(([name, url]) => ({ name, url }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The remote of a name. Throws code "not_found" with the nearest ones. */
export function findRemote(instance: Instance, name: string): Remote {
  const remotes = remotesOf(instance);
  const found = remotes.find((remote) => remote.name === name);
  if (found !== undefined) return found;
  const near = nearest(name, remotes.map((remote) => remote.name));
  throw new LaminError("not_found", `there is no remote '${name}'`, {
    hint: near.length > 0
      ? `did you mean '${near[0]}'?`
      : remotes.length > 0
      ? `remotes: ${remotes.map((remote) => remote.name).join(", ")}`
      : "'lamin remote add NAME URL' makes another instance known",
    data: { remote: name },
  });
}

/**
 * The remote that is meant without one being named: the only one, or `origin`. Throws code "usage".
 */
export function usualRemote(instance: Instance): Remote {
  const remotes = remotesOf(instance);
  const found = remotes.length === 1 ? remotes[0] : remotes.find(({ name }) => name === "origin");
  if (found !== undefined) return found;
  throw new LaminError("usage", "say which remote", {
    hint: remotes.length === 0
      ? "'lamin remote add NAME URL' makes another instance known"
      : `remotes: ${remotes.map(({ name }) => name).join(", ")}`,
  });
}

/** Notes a remote. Throws code "usage" for a name or URL that can be none, "conflict". */
export function addRemote(
  instance: Instance,
  name: string,
  text: string,
): Remote {
  requireName(name);
  const url = remoteUrl(instance.host, text);
  const remotes = remotesOf(instance);
  if (remotes.some((remote) => remote.name === name)) {
    throw new LaminError("conflict", `there is a remote '${name}' already`, {
      hint: `'lamin remote show ${name}' shows it, 'lamin remote remove ${name}' forgets it`,
    });
  }
  write(instance, [...remotes, { name, url }]);
  return { name, url };
}

/** Gives a remote another name. Throws code "not_found", "usage" or "conflict". */
export function renameRemote(
  instance: Instance,
  name: string,
  newName: string,
): Remote {
  requireName(newName);
  const remote = findRemote(instance, name);
  const remotes = remotesOf(instance);
  if (remotes.some((other) => other.name === newName)) {
    throw new LaminError("conflict", `there is a remote '${newName}' already`);
  }
  const renamed = { ...remote, name: newName };
  write(instance, [...remotes.filter((other) => other.name !== name), renamed]);
  return renamed;
}

/** Forgets a remote; nothing else happens. Throws code "not_found". */
export function removeRemote(instance: Instance, name: string): Remote {
  const remote = findRemote(instance, name);
  const remotes = remotesOf(instance);
  write(instance, remotes.filter((other) => other.name !== name));
  return remote;
}

/** The absolute path or URL in what a person typed. Throws code "usage". */
export function remoteUrl(host: Host, text: string): string {
  const scheme = remoteSchemeOf(text);
  if (scheme === undefined) return resolve(host.workingDirectory(), text);
  if (!(scheme in kinds)) {
    throw new LaminError("usage", `'${scheme}' is no way to another instance`, {
      hint: "give a folder, or a URL that begins with s3://, postgresql://, https:// or ssh://",
    });
  }
  if (withoutPassword(text) !== text) {
    throw new LaminError("usage", "a remote's URL holds no password", {
      hint: isPostgresUrl(text)
        ? "put it into ~/.pgpass or PGPASSWORD"
        : "give the token in LAMIN_TOKEN, or in a file with 'lamin remote add --token-file'",
    });
  }
  return text.replace(/\/+$/, "");
}

/** What kind of place a remote is. */
export function kindOf(url: string): RemoteKind {
  return kinds[remoteSchemeOf(url) ?? ""] ?? "path";
}

function write(instance: Instance, remotes: readonly Remote[]): void {
  const all = readOwnSettings(instance.host).remotes ?? {};
  changeOwnSettings(instance.host, {
    remotes: {
      ...all,
      [keyOf(instance)]: Object.fromEntries(remotes.map(({ name, url }) => [name, url])),
    },
  });
}

/** The id follows from the slug: another instance of that name is not to inherit remotes. */
function keyOf({ ownStorage }: Instance): string {
  return ownStorage.uid;
}

/** Names go into command lines: letters, digits, `-`, `_` and `.`. */
function requireName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  throw new LaminError("usage", `'${name}' cannot be the name of a remote`, {
    hint: "use letters, digits, '-', '_' and '.', for example: lab",
  });
}
