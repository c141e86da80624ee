/**
 * A limit on the size of files, which needs no root: writes beyond it fail with EFBIG, or end the
 * process by a signal where that is not ignored.
 */
import assert from "node:assert/strict";
import { command, denoFolder, type Run, withInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

const notHere = Deno.build.os === "windows" ? "Windows has no such limit" : onlySqlite ?? onlyLocal;

/** `ulimit` counts in these. */
const blockBytes = 512;

/** More than the limit that is set for it, and less than the database has. */
const large = "a line of a large file\n".repeat(200_000);
const limitBytes = 4 * 1024 * 1024;

interface Limited {
  readonly bytes: number;
  /** Whether the process is told by a failure instead of being ended. */
  readonly ignoresSignal: boolean;
  readonly input?: string;
}

/** Runs the program where no file may be larger than a limit. */
async function runLimited(
  { root, home }: Workspace,
  { bytes, ignoresSignal, input }: Limited,
  ...words: string[]
): Promise<Run & { readonly signal: string | null }> {
  const { program, args } = command();
  const trap = ignoresSignal ? "trap '' XFSZ; " : "";
  const script = `${trap}ulimit -c 0; ulimit -f ${bytes / blockBytes}; exec "$0" "$@"`;
  const child = new Deno.Command("sh", {
    args: ["-c", script, program, ...args, ...words],
    cwd: root,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, DENO_DIR: denoFolder(), NO_COLOR: "1" },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) await feed(child.stdin, input);
  const { code, signal, stdout, stderr } = await child.output();
  const text = (pieces: Uint8Array) => new TextDecoder().decode(pieces);
  return { code, signal, stdout: text(stdout), stderr: text(stderr), bytes: stdout };
}

/** The program may end before it has read everything. */
async function feed(stdin: WritableStream<Uint8Array>, input: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // Its exit code tells.
  }
}

async function requireOldState({ lamin }: Workspace): Promise<void> {
  assert.equal(await lamin("list", "artifact", "--json"), "");
  assert.match(await lamin("fsck", "--deep"), /no damage/);
}

const cases = [
  { name: "a file", words: ["add", "large.txt"], key: "large.txt" },
  { name: "a folder", words: ["add", "run", "--as", "folder"], key: "run" },
  { name: "a pipe", words: ["add", "-", "--key", "piped.txt"], key: "piped.txt", input: large },
];

for (const { name, words, key, input } of cases) {
  test(`file size limit: ${name} that is too large is refused in a sentence`, notHere, async () => {
    await withInstance(async (workspace) => {
      workspace.write("large.txt", large);
      workspace.write("run/large.txt", large);
      const limit = { bytes: limitBytes, ignoresSignal: true, ...(input && { input }) };
      const { code, stderr } = await runLimited(workspace, limit, ...words);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^✗ cannot (copy|write) \S+: it is larger than files may be here\n {2}/);
      await requireOldState(workspace);
      const again = await workspace.run(words, input === undefined ? {} : { input });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(JSON.parse(await workspace.lamin("show", key, "--json")).size, large.length);
    });
  });
}

test("file size limit: a process that it ends leaves what was", notHere, async () => {
  await withInstance(async (workspace) => {
    workspace.write("large.txt", large);
    const limit = { bytes: limitBytes, ignoresSignal: false };
    const { code, signal, stderr } = await runLimited(workspace, limit, "add", "large.txt");
    assert.ok(code !== 0, stderr);
    assert.ok(signal === "SIGXFSZ" || /larger than files may be/.test(stderr), stderr);
    await requireOldState(workspace);
    await workspace.lamin("add", "large.txt");
  });
});

test("file size limit: a database that cannot grow keeps what it has", notHere, async () => {
  await withInstance(async (workspace) => {
    workspace.write("a.csv", "a\n");
    for (const kilobytes of [0, 16, 40]) {
      const limit = { bytes: kilobytes * 1024, ignoresSignal: true };
      const { code, stderr } = await runLimited(workspace, limit, "add", "a.csv");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^✗ .*(the disk is full|the disk fails|larger than files may be)/);
      await requireOldState(workspace);
    }
    await workspace.lamin("add", "a.csv");
  });
});
