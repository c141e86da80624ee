import { clearArtifacts, clearCache } from "../../core/cache/clear.ts";
import { openCache } from "../../core/cache/open_cache.ts";
import { nearest } from "../../core/text/nearest.ts";
import { LaminError } from "../../store/errors.ts";
import type { CacheUse } from "../../store/cache/cache_files.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { formatBytes, plural } from "../render/quantity.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly all?: boolean;
}

const actions = ["show", "clear"] as const;

export default verb<Flags>({
  description: [
    "Shows what is kept on this machine of contents that lie on servers, or removes it. A content gets",
    "there once it was read whole and found right, serves all instances of yours, needs no network",
    "again, and goes when others need the room: 'lamin config set cache.limit 50GB' bounds it.",
    "Nothing but time is lost with it.",
  ].join("\n"),
  examples: [
    ["lamin cache show", "where it is, how much is in it, how much it may hold"],
    ["lamin cache show --verbose", "and every content, the one used last first"],
    ["lamin cache clear raw/counts.csv", "remove the contents of an artifact"],
    ["lamin cache clear --all", "remove everything"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: { all: toggle("With clear: everything, also of other instances") },
  arguments: {
    brief: "show; or clear and what to remove: keys, uids",
    placeholder: "word",
  },
  run,
});

const usageFields = ["folder", "limit", "size", "count", "entries"];

async function run(
  context: Context,
  flags: Flags & CommonFlags,
  [action = "show", ...references]: readonly string[],
) {
  if (action === "show" && references.length === 0 && !flags.all) return show(context, flags);
  if (action === "clear" && (references.length > 0) !== (flags.all ?? false)) {
    return await clear(context, references);
  }
  if (action === "clear") {
    throw new LaminError("usage", "'cache clear' needs what to remove: artifacts, or --all", {
      hint: "for example: lamin cache clear --all",
    });
  }
  const near = action === "show" ? [] : nearest(action, actions);
  throw new LaminError("usage", `'lamin cache' does not know these words`, {
    hint: near.length > 0
      ? `did you mean 'lamin cache ${near[0]}'?`
      : "'lamin cache show' shows what is kept, 'lamin cache clear --all' removes it",
  });
}

function show({ host, output }: Context, flags: CommonFlags): void {
  output.requireFields(usageFields);
  const cache = openCache(host);
  const uses = cache.uses().toSorted((a, b) => b.usedMs - a.usedMs);
  const size = sizeOf(uses);
  const { folder, bytesMax } = cache;
  output.result(
    { folder, limit: bytesMax, size, count: uses.length, entries: uses.map(useJson) },
    () =>
      [
        output.safe(folder),
        `${plural(uses.length, "content")}, ${formatBytes(size)} of ${formatBytes(bytesMax)}`,
        ...flags.verbose ? uses.map((use) => line(use, output.safe)) : [],
      ].join("\n"),
  );
}

async function clear(context: Context, references: readonly string[]): Promise<void> {
  const { output } = context;
  output.requireFields(["size", "count"]);
  const cache = openCache(context.host);
  const removed = references.length === 0
    ? clearCache(cache)
    : await clearArtifacts(await context.instance({ readOnly: true }), cache, references);
  const size = sizeOf(removed);
  output.result(
    { size, count: removed.length },
    () => `removed: ${plural(removed.length, "content")} (${formatBytes(size)})`,
  );
}

function line({ name, size, usedMs }: CacheUse, safe: (name: string) => string): string {
  const moment = new Date(usedMs).toISOString().slice(0, 16).replace("T", " ");
  return `${formatBytes(size).padStart(10)}  ${moment}  ${safe(name)}`;
}

function useJson({ key, name, size, usedMs }: CacheUse): JsonObject {
  return { key, name, size, used_at: new Date(usedMs).toISOString() };
}

function sizeOf(uses: readonly CacheUse[]): number {
  return uses.reduce((sum, { size }) => sum + size, 0);
}
