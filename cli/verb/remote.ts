import {
  addRemote,
  findRemote,
  kindOf,
  type Remote,
  remotesOf,
  removeRemote,
  renameRemote,
} from "../../core/sync/remote/remotes.ts";
import { noteServerToken } from "../../core/sync/remote/server_tokens.ts";
import { nearest } from "../../core/text/nearest.ts";
import { LaminError } from "../../store/errors.ts";
import { resolve } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { closeSide, describeSide, openAt } from "../remote_instance.ts";
import { readList } from "../read_list.ts";
import { formatCount } from "../render/quantity.ts";
import { verb } from "../verb.ts";

/** What can be done with remotes, and how many words each takes after it. */
const actions: Readonly<Record<string, readonly [least: number, most: number]>> = {
  list: [0, 0],
  add: [2, 2],
  show: [1, 1],
  rename: [2, 2],
  remove: [1, 1],
  leases: [0, 0],
  release: [1, 1],
};

interface Flags {
  readonly tokenFile?: string;
}

export default verb<Flags>({
  description: [
    "Other instances under names of yours, for fetch, pull and push: a folder, s3://bucket/folder,",
    "postgresql://host/database, what 'lamin serve' serves at https://host, or ssh://host/folder, where",
    "ssh runs 'lamin serve --stdio'. They are kept in your settings on this machine, not with the data.",
    "'show' asks the remote who it is and how many artifacts it has; nothing else here asks it.",
    "'leases' lists the instances that read contents of this one where they lie (pull --zero-copy):",
    "'lamin gc' keeps those until 'release' says that it is over.",
  ].join("\n"),
  examples: [
    ["lamin remote", "list them"],
    ["lamin remote add lab /mnt/lab/atlas", "call the instance in a folder 'lab'"],
    ["lamin remote add hub https://lab.example.org --token-file token.txt", "one behind a server"],
    ["lamin remote add bucket s3://lab-bucket/atlas", "one in a bucket"],
    ["lamin remote show lab", "who it is"],
    ["lamin remote rename lab upstairs", "call it otherwise"],
    ["lamin remote remove upstairs", "forget the name; nothing else happens"],
    ["lamin remote leases", "who reads what lies here"],
    ["lamin remote release ada/reader", "keep nothing for that instance any more"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied],
  flags: {
    tokenFile: text(
      "file|-",
      "With 'add': a file with the token for the server, or - for the input",
    ),
  },
  arguments: {
    brief: "list; add, a name and a place; show or remove and a name; rename and two names; " +
      "leases; release and an instance",
    placeholder: "word",
    maximum: 3,
  },
  async run(context, flags, [action = "list", ...words]) {
    const counts = actions[action];
    if (counts === undefined || words.length < counts[0] || words.length > counts[1]) {
      throw misunderstood(action);
    }
    if (action === "leases" || action === "release") {
      const { leases } = await import("../leases.ts");
      return await leases(context, words[0]);
    }
    context.output.requireFields(action === "show" ? shownFields : fields);
    const instance = await context.instance({ readOnly: true });
    const [first, second] = words as [string, string];
    const { output } = context;
    const { bold } = output.paint;
    switch (action) {
      case "list": {
        const remotes = remotesOf(instance);
        return output.results(
          remotes.map(json),
          () =>
            remotes.length === 0
              ? output.paint.dim("no remotes: 'lamin remote add NAME PLACE' makes one known")
              : remotes.map(({ name, url }) => `${bold(output.safe(name))}  ${output.safe(url)}`)
                .join("\n"),
        );
      }
      case "add": {
        const token = await tokenIn(context, flags.tokenFile, second);
        const remote = addRemote(instance, first, second);
        if (token !== undefined) noteServerToken(context.host, remote.url, token);
        return output.result(json(remote), () => `${bold(first)} is ${output.safe(remote.url)}`);
      }
      case "rename": {
        const remote = renameRemote(instance, first, second);
        return output.result(json(remote), () => `${bold(first)} is ${bold(second)} now`);
      }
      case "remove": {
        const remote = removeRemote(instance, first);
        return output.result(json(remote), () => `forgot ${bold(output.safe(first))}`);
      }
      default:
        return await show(context, findRemote(instance, first));
    }
  },
});

/** The token for a server, out of a file: it is no word of a command line, which others can see. */
async function tokenIn(
  context: Context,
  file: string | undefined,
  url: string,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  if (kindOf(url) !== "http") {
    throw new LaminError("usage", "only servers at http:// and https:// take tokens");
  }
  const { files, terminal, workingDirectory } = context.host;
  if (file !== "-") {
    return new TextDecoder().decode(files.readFile(resolve(workingDirectory(), file))).trim();
  }
  const [token = ""] = await readList(terminal.input(), "\n");
  return token.trim();
}

async function show(context: Context, remote: Remote): Promise<void> {
  const { output } = context;
  const side = await openAt(context, remote.url, { readOnly: true });
  try {
    const { id, uid, slug, artifacts } = await describeSide(side);
    output.result({ ...json(remote), slug, id, uid, artifacts }, () =>
      [
        `${output.paint.bold(output.safe(remote.name))}  ${output.safe(remote.url)}`,
        `  instance   ${output.safe(slug)} (${uid})`,
        `  artifacts  ${formatCount(artifacts)}, all versions`,
      ].join("\n"));
  } finally {
    await closeSide(side);
  }
}

function json({ name, url }: Remote): JsonObject {
  return { name, url, kind: kindOf(url) };
}

/** What `--json` prints. */
const fields = ["name", "url", "kind"];
const shownFields = [...fields, "slug", "id", "uid", "artifacts"];

function misunderstood(action: string): LaminError {
  if (action in actions) {
    return new LaminError("usage", `'remote ${action}' takes other words`, {
      hint: "see: lamin remote --help",
    });
  }
  const [near] = nearest(action, Object.keys(actions));
  return new LaminError("usage", `'lamin remote' does not know '${action}'`, {
    hint: near === undefined
      ? `it knows ${Object.keys(actions).join(", ")}`
      : `did you mean 'lamin remote ${near}'?`,
  });
}
