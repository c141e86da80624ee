import { type Moved, moveDatabase } from "../../core/migrate/move.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { modules } from "../modules.ts";
import { movedFields, movedJson, renderMoved } from "../render/moved_database.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly dryRun?: boolean;
  readonly leaveUnknown?: boolean;
}

export default verb<Flags>({
  description: [
    "Moves the rows of the instance to another database: to an empty one of a Postgres server, or by",
    "'sqlite' back into a file in the folder '.lamindb/'. Bytes stay where they are.",
    "What the other engine cannot hold is named before, all of it. The copy is compared with the",
    "original; only then the settings are switched, here and for Python. The former database is kept",
    "and refuses every change: a SQLite file as '.lamindb/lamin.db.before-migration'. Other processes",
    "can read meanwhile, and write only afterwards. When the command died, run it again.",
  ].join("\n"),
  examples: [
    ["lamin migrate-db postgresql://lab@db.lab:5432/atlas --dry-run", "what would be moved"],
    ["lamin migrate-db postgresql://lab@db.lab:5432/atlas", "move the rows to that server"],
    ["lamin migrate-db sqlite", "back into '.lamindb/lamin.db'"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    dryRun: toggle("Look at all rows, name what stands in the way, and change nothing"),
    leaveUnknown: toggle("Leave behind tables and columns that no module here knows"),
  },
  arguments: {
    brief:
      "'sqlite', or the URL of an empty database; the password best in PGPASSWORD or ~/.pgpass",
    placeholder: "sqlite|url",
    minimum: 1,
    maximum: 1,
    completes: "none",
  },
  async run(context, { dryRun = false, leaveUnknown = false }, [wanted]) {
    const { output } = context;
    output.requireFields(movedFields);
    const moved = await move(context, wanted!, dryRun, leaveUnknown);
    output.result(movedJson(moved), () => renderMoved(moved, output));
    if (moved.state !== "refused") return exitCode.ok;
    if (output.mode === "human") output.note("nothing was changed");
    return exitCode.failed;
  },
});

async function move(
  context: Context,
  wanted: string,
  isDryRun: boolean,
  leaveUnknown: boolean,
): Promise<Moved> {
  const instance = await context.instance();
  let progress = context.output.progress("opening");
  const next = (what: string) => {
    progress.end();
    progress = context.output.progress(what, { format: (rows) => `${Math.round(rows)} rows` });
  };
  try {
    return await moveDatabase(instance, {
      wanted,
      isDryRun,
      leaveUnknown,
      knownModules: modules,
      onPhase: next,
      onRows: (count) => progress.advance(count),
    });
  } finally {
    progress.end();
  }
}
