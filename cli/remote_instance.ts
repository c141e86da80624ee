import type { Instance } from "../core/instance/instance.ts";
import { openRemoteInstance } from "../core/sync/remote/open_remote.ts";
import {
  findRemote,
  type Remote,
  remotesOf,
  remoteUrl,
  usualRemote,
} from "../core/sync/remote/remotes.ts";
import { withoutPassword } from "../store/without_password.ts";
import type { Context } from "./context.ts";
import { allRegistries, modules } from "./modules.ts";

/** Opens the instance at a place that the user named; to be closed by the caller. */
export async function openAt(
  context: Context,
  url: string,
  options: { readonly readOnly: boolean },
): Promise<Instance> {
  return await openRemoteInstance(context.host, url, {
    ...options,
    loadRegistries: () => Promise.resolve(allRegistries()),
    openRemote: await context.remotes(),
    knownModules: modules,
  });
}

/** What a word means as a remote: its name, else a path or URL; none for the usual one. */
export async function remoteMeant(
  context: Context,
  instance: Instance,
  word: string | undefined,
): Promise<Remote> {
  if (word === undefined) return await usualRemote(instance);
  const isPlace = word.includes("/") || word === "." || word === "..";
  if (!isPlace || (await remotesOf(instance)).some(({ name }) => name === word)) {
    return await findRemote(instance, word);
  }
  const url = remoteUrl(context.host, word);
  return { name: withoutPassword(url), url };
}
