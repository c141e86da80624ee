import { connect, type Connected } from "../../core/instance/connect.ts";
import { identityOf } from "../../core/instance/identity.ts";
import { findInstance, type InstanceLocation } from "../../core/instance/find.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { otherCopy } from "../../core/instance/other_copy.ts";
import { slugOf } from "../../core/instance/settings.ts";
import { isPostgresUrl } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import { FileError } from "../../store/host/host.ts";
import { relativeTo } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { exitCode, exitCodeFor } from "../exit.ts";
import { toggle } from "../flags.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly here?: boolean;
}

export default verb<Flags>({
  description: [
    "Makes an instance current, for lamin and for Python, wherever no nearer one is: by its folder, by",
    "its slug 'owner/name' when this machine knows it, by the URL of the bucket that holds its database,",
    "or by that of a Postgres database with its rows. Do so too after its folder was moved. Without an",
    "argument it shows which instance is current here. No network is used but for such a URL.",
  ].join("\n"),
  examples: [
    ["lamin connect /data/atlas", "the instance in a folder"],
    ["lamin connect lab/atlas --here", "in this folder and all below it"],
    ["lamin connect s3://lab-bucket/atlas", "the instance whose database is in a bucket"],
    ["lamin connect postgresql://me@db.lab:5432/atlas", "the instance whose rows are on a server"],
    ["lamin connect", "show the current one"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.schemaUnknown],
  flags: { here: toggle("Only in this folder and below it") },
  arguments: {
    brief: "Folder, slug or URL of the instance",
    placeholder: "path|slug|url",
    maximum: 1,
    completes: "instance",
  },
  async run(context, flags, [wanted]) {
    if (wanted === undefined) return await show(context, flags);
    context.output.requireFields(["slug", "id", "uid", "root", "marker", "other_copy"]);
    const { modules } = await import("../modules.ts");
    const instance = await context.instance({ wanted: await named(context, wanted) });
    const connected = await connect(instance, {
      operation: context.operation("connect"),
      knownModules: modules,
      ...(flags.here ? { here: context.host.workingDirectory() } : {}),
    });
    return print(context, instance, connected);
  },
});

/** What a URL of rows on a server is called; anything else names itself. */
async function named(context: Context, wanted: string): Promise<string> {
  if (!isPostgresUrl(wanted)) return wanted;
  const { noteServer } = await import("../../core/instance/note_server.ts");
  const { modules } = await import("../modules.ts");
  return await noteServer(context.host, {
    url: wanted,
    knownModules: modules,
    openRemote: await context.remotes(),
  });
}

function print(context: Context, instance: Instance, connected: Connected): number {
  const { output } = context;
  const { identity, settings, marker, movedFrom, copy, refusal } = connected;
  const slug = slugOf(settings);
  output.result(
    {
      slug,
      id: identity.id,
      uid: identity.uid,
      root: settings.storageRoot,
      marker,
      other_copy: copy ?? null,
    },
    () => `connected ${output.paint.bold(slug)} in ${output.safe(settings.storageRoot)}`,
  );
  if (copy !== undefined) {
    output.note(`the one in ${output.safe(copy)} is still there; Python finds this one now`);
    output.note(`  'lamin op compare ${output.safe(copy)}' tells the two apart`);
  } else if (movedFrom !== undefined) {
    output.note(`it was in ${output.safe(movedFrom)} before`);
  }
  const here = currentHere(context);
  if (here !== undefined && here.root !== instance.location.root) {
    output.note(`in this folder the instance in ${output.safe(here.root)} stays current`);
  }
  if (refusal !== undefined) {
    output.warn(`it can be read, but the database still names its old folder: ${refusal.message}`);
    if (refusal.hint !== undefined) output.note(`  ${refusal.hint}`);
    return exitCodeFor(refusal.code);
  }
  if (instance.schema.state !== "known") {
    output.warn(`its database is ${instance.schema.state} than this program knows: reading only`);
  }
  return exitCode.ok;
}

/** The instance that is current in this folder now, if it can be told. */
function currentHere({ host }: Context): InstanceLocation | undefined {
  try {
    return findInstance(host, host.workingDirectory());
  } catch (error) {
    // It is connected all the same.
    if (error instanceof LaminError || error instanceof FileError) return undefined;
    throw error;
  }
}

async function show(context: Context, flags: Flags): Promise<number> {
  if (flags.here) throw new LaminError("usage", "--here needs the instance to connect");
  const instance = await context.instance({ readOnly: true });
  const identity = await identityOf(instance);
  const { owner, name, id, uid } = identity;
  const { root, workTree } = instance.location;
  const by = howFound(context, instance);
  const { output } = context;
  output.result(
    { slug: `${owner}/${name}`, id, uid, root, work_tree: workTree, by },
    () =>
      `${output.paint.bold(output.safe(`${owner}/${name}`))} in ${output.safe(root)}, ${words[by]}`,
  );
  const copy = otherCopy(instance, identity);
  if (copy?.isPythons) {
    output.note(`Python works on the copy in ${output.safe(copy.root)}: 'lamin info' says more`);
  }
  return exitCode.ok;
}

const words = {
  option: "named with -C",
  environment: "named by LAMIN_CURRENT_INSTANCE",
  folder: "found from this folder",
  settings: "connected for all folders that belong to none",
} as const;

/** What made the instance current. */
function howFound(context: Context, instance: Instance): keyof typeof words {
  if (context.wanted !== undefined) return "option";
  if (context.host.environment("LAMIN_CURRENT_INSTANCE") !== undefined) return "environment";
  const { root, workTree } = instance.location;
  const folder = context.host.workingDirectory();
  const isInside = [root, workTree].some((place) => relativeTo(place, folder) !== undefined);
  return isInside ? "folder" : "settings";
}
