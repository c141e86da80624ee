import {
  fetchContents,
  type Fetched,
  type FetchPart,
  worstOf,
} from "../../core/sync/fetch/fetch.ts";
import { remotesFor } from "../../core/sync/fetch/remotes_for.ts";
import { type FetchScope, type Selection, selectToFetch } from "../../core/sync/fetch/select.ts";
import { InstanceSource } from "../../core/sync/contents/instance_source.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode, exitCodeFor } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { closeSide, openAt, remoteMeant, type Side, sourceOf } from "../remote_instance.ts";
import { kindOf } from "../../core/sync/remote/remotes.ts";
import { tellAwaited } from "../tell_awaited.ts";
import { fetchedFields, fetchedJson, renderFetched } from "../render/fetched.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly latest?: boolean;
  readonly all?: boolean;
  readonly from?: string;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Brings the bytes of artifacts whose rows came from another instance without them, into the store:",
    "'lamin get' then writes them into the work tree. All bytes are checked. What was fetched before an",
    "interruption is not fetched again.",
    "They come from the remote that their rows came from, or from the one that --from names.",
  ].join("\n"),
  examples: [
    ["lamin fetch raw/counts.csv model.pkl@2", "some artifacts"],
    ["lamin fetch raw/", "the latest versions below a folder"],
    ["lamin fetch --latest --dry-run", "what the latest versions of everything would take"],
    ["lamin fetch --all --from backup", "all versions, from another remote that has them"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    latest: toggle("The latest version of every artifact"),
    all: toggle("All versions of every artifact, the trash left out"),
    from: text("remote", "The remote to fetch from: a name, a folder or a URL"),
    dryRun: toggle("Show what would be fetched"),
  },
  aliases: { n: "dryRun" },
  arguments: { brief: "What to fetch", placeholder: "reference", completes: "reference" },
  async run(context, flags, references) {
    context.output.requireFields(fetchedFields);
    const scope = scopeOf(flags, references);
    const instance = await context.instance();
    const selection = await selectToFetch(instance, scope);
    const fetched = await fetchAll(context, instance, selection, flags);
    const style = { output: context.output, dryRun: flags.dryRun ?? false };
    context.output.results(
      fetchedJson(selection, fetched),
      () => renderFetched(selection, fetched, style),
    );
    for (const { why } of fetched.lacking.slice(0, warnedMax)) {
      context.output.warn(`not fetched: ${context.output.safe(why.message)}`);
    }
    const more = fetched.lacking.length - warnedMax;
    if (more > 0) context.output.warn(`not fetched: ${more} more`);
    const worst = worstOf(fetched.lacking);
    return worst === undefined ? exitCode.ok : exitCodeFor(worst);
  },
});

/** How many failures are told one by one. */
const warnedMax = 20;

function scopeOf({ latest, all }: Flags, references: readonly string[]): FetchScope {
  const said = [latest, all, references.length > 0].filter(Boolean);
  if (said.length === 1) return latest ? "latest" : all ? "all" : { references };
  throw new LaminError(
    "usage",
    said.length === 0 ? "say what to fetch" : "say one of references, --latest and --all",
    { hint: "name artifacts, or give --latest or --all; --dry-run shows what that would take" },
  );
}

async function fetchAll(
  context: Context,
  instance: Instance,
  { toFetch }: Selection,
  { from, dryRun = false }: Flags,
): Promise<Fetched> {
  const progress = context.output.progress("fetching");
  const opened: { readonly side: Side; readonly url: string }[] = [];
  try {
    const parts: FetchPart[] = [];
    const named = from === undefined ? undefined : remoteMeant(context, instance, from);
    for (const { remote, uids } of remotesFor(instance, toFetch, named)) {
      const side = await openAt(context, remote.url, { readOnly: true });
      opened.push({ side, url: remote.url });
      const source = side.instance === undefined
        ? (await sourceOf(side)).contents
        : new InstanceSource(side.instance, instance);
      parts.push({ source, uids });
    }
    const fetched = await fetchContents(instance, parts, {
      operation: context.operation("fetch"),
      dryRun,
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    });
    for (const { side, url } of dryRun ? [] : opened) {
      // A database in a bucket would be sent anew: the next pull tells what is awaited still.
      if (kindOf(url) === "bucket") continue;
      await tellAwaited(side, { instance }, () => openAt(context, url, { readOnly: false }));
    }
    return fetched;
  } finally {
    progress.end();
    for (const { side } of opened) await closeSide(side);
  }
}
