import type { AddRequest, AddResult } from "../core/artifact/add/add.ts";
import { remoteSchemeOf } from "../core/instance/remote_root.ts";
import { LaminError } from "../store/errors.ts";
import type { Context } from "./context.ts";

/** Whether a word is the address of something on a server. */
export function isRemote(word: string): boolean {
  return remoteSchemeOf(word) !== undefined;
}

/** Looks at one of a million after the other, without making a list of them. */
export function isAnyRemote(words: Iterable<string>): boolean {
  for (const word of words) if (isRemote(word)) return true;
  return false;
}

/**
 * Registers what addresses name, where it lies. Throws code "usage" for words that cannot go along.
 */
export async function addRemote(
  context: Context,
  request: Omit<AddRequest, "mode" | "input">,
  flags: { readonly link?: boolean },
): Promise<AddResult> {
  if (![...request.paths].every(isRemote)) {
    throw new LaminError(
      "usage",
      "files of this machine and addresses of servers do not go along",
      {
        hint: "add them in commands of their own",
      },
    );
  }
  if (flags.link) {
    throw new LaminError("usage", "--link needs files of this machine", {
      hint: "what lies on a server is registered where it lies, without --link",
    });
  }
  const { register } = await import("../core/artifact/register/register.ts");
  const instance = await context.instance();
  return await register(instance, {
    ...request,
    openRemote: (root) => context.openRemote(root),
  });
}
