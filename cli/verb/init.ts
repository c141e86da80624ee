import { createInstance } from "../../core/instance/create.ts";
import { exitCode } from "../exit.ts";
import { text } from "../flags.ts";
import { allRegistries, modules } from "../modules.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly storage?: string;
  readonly db?: string;
  readonly name?: string;
  readonly modules?: string;
}

export default verb<Flags>({
  description: [
    "Makes an instance: a folder '.lamindb/' beside your data, as git makes '.git/'.",
    'Your files are left as they are. Python finds the instance with ln.connect("owner/name").',
  ].join("\n"),
  examples: [
    ["lamin init", "in this folder"],
    ["lamin init atlas --modules bionty", "in a new folder 'atlas', with ontologies"],
    ["lamin init project --storage /data/project", "with bytes and database in another folder"],
    ["lamin init atlas --db postgresql://lab@db.lab:5432/atlas", "with rows in Postgres"],
    ["lamin init atlas --storage s3://lab-bucket/atlas", "with bytes and database in a bucket"],
  ],
  exitCodes: [exitCode.denied],
  flags: {
    storage: text("folder|url", "Where bytes and database go; the folder itself unless given"),
    db: text("url", "Postgres database for the rows; the password best in PGPASSWORD or ~/.pgpass"),
    name: text("name", "Name of the instance; the folder's name unless given"),
    modules: text("list", "Modules to switch on, separated by commas: bionty"),
  },
  arguments: {
    brief: "Folder to make it in",
    placeholder: "folder",
    maximum: 1,
    completes: "path",
  },
  async run(context, flags, [folder = "."]) {
    context.output.requireFields(fields);
    const created = await createInstance(context.host, {
      folder,
      ...(flags.storage === undefined ? {} : { storage: flags.storage }),
      ...(flags.db === undefined ? {} : { databaseUrl: flags.db }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      modules: (flags.modules ?? "").split(",").map((name) => name.trim()).filter(Boolean),
      knownModules: modules,
      registries: allRegistries(),
      openRemote: await context.remotes(),
    });
    const { output } = context;
    const { workTree, ...others } = created;
    output.result(
      { ...others, work_tree: workTree, modules: flags.modules ?? null },
      () => `made instance ${output.paint.bold(created.slug)} in ${output.safe(created.root)}`,
    );
    if (created.settings === null) {
      output.warn(
        "Python cannot find it, as your settings folder cannot be written: " +
          `run 'lamin connect ${output.safe(created.root)}' where it can`,
      );
    }
  },
});

/** What `--json` prints. */
const fields = "slug id uid root settings work_tree modules".split(" ");
