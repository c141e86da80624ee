import { identityOf } from "../core/instance/identity.ts";
import type { Instance } from "../core/instance/instance.ts";
import { cardOf, type InstanceCard } from "../core/sync/instance_card.ts";
import { instancePeer } from "../core/sync/instance_peer.ts";
import { openRemoteInstance } from "../core/sync/remote/open_remote.ts";
import {
  findRemote,
  kindOf,
  type Remote,
  remotesOf,
  remoteUrl,
  usualRemote,
} from "../core/sync/remote/remotes.ts";
import type { WireSide } from "../core/sync/remote/wire_side.ts";
import type { SourcePeer } from "../core/sync/source_peer.ts";
import { withoutPassword } from "../store/without_password.ts";
import type { Context } from "./context.ts";
import { allRegistries, modules } from "./modules.ts";

/** One side of a sync: an instance that is open in this process, or one behind a connection. */
export type Side =
  | { readonly instance: Instance; readonly wire?: never }
  | { readonly wire: WireSide; readonly instance?: never };

/** Opens the instance at a place that the user named; to be closed by the caller. */
export async function openAt(
  context: Context,
  url: string,
  options: { readonly readOnly: boolean },
): Promise<Side> {
  if (isBehindConnection(url)) {
    const { connectWire } = await import("../core/sync/remote/wire_side.ts");
    return { wire: await connectWire(context.host, url) };
  }
  const instance = await openRemoteInstance(context.host, url, {
    ...options,
    loadRegistries: () => Promise.resolve(allRegistries()),
    openRemote: await context.remotes(),
    knownModules: modules,
  });
  return { instance };
}

/** Whether the instance at a URL is reached by asking a program there. */
export function isBehindConnection(url: string): boolean {
  return ["http", "ssh"].includes(kindOf(url));
}

export async function closeSide({ instance, wire }: Side): Promise<void> {
  await instance?.close();
  await wire?.close();
}

/** A side that rows and bytes come from. */
export async function sourceOf({ instance, wire }: Side): Promise<SourcePeer> {
  return wire === undefined
    ? await instancePeer(instance, allRegistries())
    : await wire.source(allRegistries());
}

/** What a side says of itself. */
export async function describeSide(
  { instance, wire }: Side,
): Promise<InstanceCard & { readonly uid: string; readonly slug: string }> {
  if (wire !== undefined) return wire.hello;
  const { uid } = await identityOf(instance);
  return { uid, slug: instance.slug, ...await cardOf(instance, modules) };
}

/** What a word means as a remote: its name, else a path or URL; none for the usual one. */
export function remoteMeant(
  context: Context,
  instance: Instance,
  word: string | undefined,
): Remote {
  if (word === undefined) return usualRemote(instance);
  const isPlace = word.includes("/") || word === "." || word === "..";
  if (!isPlace || remotesOf(instance).some(({ name }) => name === word)) {
    return findRemote(instance, word);
  }
  const url = remoteUrl(context.host, word);
  return { name: withoutPassword(url), url };
}
