/**
 * Tries an executable as somebody would who just downloaded it: `deno run -A tools/smoke.ts
 * PROGRAM`. Works in a temporary folder with an empty environment but for a home. Ends with 1 at
 * the first answer that is not as it should be.
 */
import assert from "node:assert/strict";
import metadata from "../deno.json" with { type: "json" };

interface Answer {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A program in a folder of its own. */
class Trial {
  readonly work: string;

  constructor(readonly program: string, readonly folder: string) {
    this.work = `${folder}/atlas`;
  }

  /** Runs the program; its exit code must be `code`. */
  async run(words: readonly string[], { code = 0, cwd = this.work, input = "" } = {}) {
    const home = `${this.folder}/home`;
    const system = Deno.env.get("SystemRoot");
    const child = new Deno.Command(this.program, {
      args: [...words],
      cwd,
      clearEnv: true,
      // Windows programs do not start without SystemRoot.
      env: { HOME: home, ...(system === undefined ? {} : { SystemRoot: system }) },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(encoder.encode(input)).catch(() => {});
    await writer.close().catch(() => {});
    const output = await child.output();
    const stderr = decoder.decode(output.stderr);
    assert.equal(
      output.code,
      code,
      `lamin ${words.join(" ")} ended with ${output.code}: ${stderr}`,
    );
    return { code: output.code, stdout: output.stdout, stderr } satisfies Answer;
  }

  async text(...words: readonly string[]): Promise<string> {
    return decoder.decode((await this.run(words)).stdout);
  }

  /** The objects that the program prints with --json. */
  async json(...words: readonly string[]): Promise<Record<string, unknown>[]> {
    const lines = (await this.text(...words, "--json")).split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }

  write(name: string, content: Uint8Array): void {
    Deno.writeFileSync(`${this.work}/${name}`, content);
  }
}

const table = encoder.encode("gene,count\nTP53,3\n");
const longerTable = encoder.encode("gene,count\nTP53,3\nEGFR,7\n");
/** Every byte, over several buffers. */
const everyByte = new Uint8Array(3_000_001).map((_, index) => (index * 7919) >> 3);

/** Runs the whole trial. @throws AssertionError at the first wrong answer. */
export async function smoke(program: string): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "lamin-smoke-" }));
  try {
    await Deno.mkdir(`${folder}/home`);
    const trial = new Trial(await Deno.realPath(program), folder);
    assert.equal(
      decoder.decode((await trial.run(["--version"], { cwd: folder })).stdout).trim(),
      metadata.version,
    );
    await trial.run(["init", "atlas"], { cwd: folder });
    const uids = await addAndLook(trial);
    await changeAndLook(trial, uids);
    await damageAndLook(trial);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Adds files and reads them back; gives the uid of each key. */
async function addAndLook(trial: Trial): Promise<ReadonlyMap<unknown, string>> {
  trial.write("counts.csv", table);
  trial.write("größe 試.bin", everyByte);
  const added = await trial.json("add", "counts.csv", "größe 試.bin");
  assert.deepEqual(added.map(({ key }) => key).sort(), ["counts.csv", "größe 試.bin"]);
  await trial.run(["add", "-", "--key", "from/pipe.txt"], { input: "piped" });
  assert.equal(await trial.text("cat", "from/pipe.txt"), "piped");
  const bytes = (await trial.run(["cat", "größe 試.bin"])).stdout;
  assert.ok(bytes.length === everyByte.length && bytes.every((byte, at) => byte === everyByte[at]));
  assert.deepEqual(
    (await trial.json("status")).filter(({ key }) => key !== "from/pipe.txt"),
    [],
    "a work tree that was just added differs",
  );
  return new Map(added.map(({ key, uid }) => [key, String(uid)]));
}

/** Makes a second version; both must be there. */
async function changeAndLook(trial: Trial, uids: ReadonlyMap<unknown, string>): Promise<void> {
  trial.write("counts.csv", longerTable);
  const changed = (await trial.json("status")).find(({ path }) => path === "counts.csv");
  assert.equal(changed?.["status"], "modified");
  await trial.run(["add", "counts.csv"]);
  const first = uids.get("counts.csv")!;
  const history = await trial.json("log", "counts.csv");
  assert.deepEqual(history.map(({ uid }) => uid), [`${first.slice(0, 16)}0001`, first]);
  assert.equal(await trial.text("cat", first), decoder.decode(table));
  assert.equal(await trial.text("cat", "counts.csv"), decoder.decode(longerTable));
}

/** A sound instance passes; one changed byte in the store is found. */
async function damageAndLook(trial: Trial): Promise<void> {
  await trial.run(["fsck", "--deep"]);
  const artifacts = await trial.json("list", "artifact", "key=counts.csv");
  const object = `${trial.work}/${artifacts[0]?.["_real_key"]}`;
  const content = Deno.readFileSync(object);
  content[3]! ^= 1;
  if (Deno.build.os !== "windows") Deno.chmodSync(object, 0o644);
  Deno.writeFileSync(object, content);
  await trial.run(["fsck", "--deep"], { code: 13 });
  await trial.run(["cat", "counts.csv"], { code: 13 });
}

if (import.meta.main) {
  const [program] = Deno.args;
  if (program === undefined) {
    console.error("usage: deno run -A tools/smoke.ts PROGRAM");
    Deno.exit(2);
  }
  await smoke(program);
  console.log(`${program} works`);
}
