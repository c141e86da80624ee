import type { Host } from "../store/host/host.ts";
import { currentHost } from "../store/host/select.ts";
import { Context } from "./context.ts";
import type { RemoteStores } from "./remote_stores.ts";
import { findVerb } from "./verbs.ts";

/** Runs one command line; returns the exit code. `stores` opens what is not on this machine. */
export async function main(
  host: Host,
  words: readonly string[],
  stores?: RemoteStores,
): Promise<number> {
  const { wanted, rest } = takeInstance(words);
  const context = new Context(host, words, wanted, stores);
  const [word, ...others] = rest;
  if (word === "-C") {
    const { LaminError } = await import("../store/errors.ts");
    return context.fail(new LaminError("usage", "-C needs the folder or slug of an instance"));
  }
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    const { printHelp } = await import("./help.ts");
    return await printHelp(context, others[0]);
  }
  if (word === "--version" || word === "-V") {
    const { printVersion } = await import("./version.ts");
    return printVersion(context);
  }
  const found = findVerb(word);
  if (found === undefined) {
    const { unknownVerb } = await import("./help.ts");
    return context.fail(unknownVerb(word));
  }
  const { default: verb } = await found.entry.load();
  try {
    return await verb.invoke(context, found.name, others);
  } catch (error) {
    return context.fail(error);
  }
}

/** Takes `-C PATH` from before the verb. */
function takeInstance(words: readonly string[]): { wanted?: string; rest: readonly string[] } {
  if (words[0] !== "-C" || words[1] === undefined) return { rest: words };
  return { wanted: words[1], rest: words.slice(2) };
}

if (import.meta.main) {
  const host = await currentHost();
  host.exit(await main(host, host.commandLine()));
}
