/**
 * Files whose times come from another clock than this machine's: ahead of it, behind it, in steps
 * of seconds. `status` and `add` must notice every change all the same.
 */
import assert from "node:assert/strict";
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Files, FileStat, Host, OpenFile } from "../../store/host/host.ts";
import { withWorkspace } from "../lamin.ts";

const hourMs = 60 * 60 * 1000;

/**
 * A file system whose clock goes wrong by `skewMs` and counts in steps of `stepMs`; where it goes
 * wrong it is that of a server, as the list of mounts tells.
 */
function filesOfServer(files: Files, skewMs: number, stepMs: number): Files {
  const type = skewMs === 0 ? "vfat" : "nfs4";
  const mounts = new TextEncoder().encode(`1 0 0:1 / / rw - ${type} disk rw\n`);
  const shown = (timeMs: number) => Math.floor((timeMs + skewMs) / stepMs) * stepMs;
  const seen = <T extends FileStat | null>(stat: T): T =>
    stat && { ...stat, modifiedMs: shown(stat.modifiedMs), changedMs: shown(stat.changedMs) };
  const opened = (file: OpenFile): OpenFile => ({
    read: (buffer) => file.read(buffer),
    write: (bytes) => file.write(bytes),
    seek: (offset) => file.seek(offset),
    flush: () => file.flush(),
    close: () => file.close(),
    stat: () => seen(file.stat()),
  });
  return {
    ...files,
    readFile: (path) => path === "/proc/self/mountinfo" ? mounts : files.readFile(path),
    lstat: (path) => seen(files.lstat(path)),
    stat: (path) => seen(files.stat(path)),
    open: (path, options) => opened(files.open(path, options)),
  };
}

interface Server {
  lamin(...words: readonly string[]): Promise<string>;
  write(path: string, text: string): void;
  /** Files below the work tree that were opened to be read since this was called last. */
  opened(): string[];
}

async function withServer(
  skewMs: number,
  stepMs: number,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  await withWorkspace(async ({ root, home }) => {
    const inner = denoHost();
    const files = filesOfServer(inner.files, skewMs, stepMs);
    let output = "";
    let opened: string[] = [];
    const host: Host = {
      ...inner,
      environment: () => undefined,
      workingDirectory: () => root,
      homeDirectory: () => home,
      files: {
        ...files,
        open: (path, options) => {
          if (options.read && !path.includes("/.l")) opened.push(path.slice(root.length + 1));
          return files.open(path, options);
        },
      },
      terminal: {
        ...inner.terminal,
        writeOutput: (bytes) => void (output += new TextDecoder().decode(bytes)),
        writeError: (bytes) => void (output += new TextDecoder().decode(bytes)),
      },
    };
    const lamin = async (...words: readonly string[]) => {
      output = "";
      assert.equal(await main(host, words), 0, output);
      return output;
    };
    await lamin("init");
    await work({
      lamin,
      write: (path, text) => Deno.writeTextFileSync(`${root}/${path}`, text),
      opened: () => {
        const all = opened;
        opened = [];
        return all;
      },
    });
  });
}

const clocks: readonly (readonly [name: string, skewMs: number, stepMs: number])[] = [
  ["as ours", 0, 1],
  ["in steps of two seconds", 0, 2000],
  ["a day behind, in steps of a second", -24 * hourMs, 1000],
  ["a day ahead, in steps of two seconds", 24 * hourMs, 2000],
  ["half a second behind, in steps of a second", -500, 1000],
];

for (const [name, skewMs, stepMs] of clocks) {
  Deno.test(`server clock ${name}: a change right after is noticed`, async () => {
    await withServer(skewMs, stepMs, async ({ lamin, write }) => {
      const differing = async () => {
        const entries = (await lamin("status", "--json")).split("\n").filter(Boolean);
        return entries.map((line) => JSON.parse(line)).map(({ status, path }) =>
          `${status} ${path}`
        ).join();
      };
      for (const round of [1, 2, 3]) {
        write("a.csv", `before ${round}`);
        await lamin("add", "a.csv");
        write("a.csv", `afters ${round}`); // of the same size
        assert.equal(await differing(), "modified a.csv", `after add, round ${round}`);
        write("a.csv", `before ${round}`);
        assert.equal(await differing(), ""); // learns its hash
        write("a.csv", `others ${round}`);
        assert.equal(await differing(), "modified a.csv", `after status, round ${round}`);
      }
      await lamin("get", "a.csv", "--force");
      write("a.csv", "others 3");
      assert.equal(await differing(), "modified a.csv", "after get");
    });
  });
}

Deno.test("server clock a day behind or ahead: files that rest are read once, and then no more", async () => {
  for (const skewMs of [-24 * hourMs, 24 * hourMs]) {
    await withServer(skewMs, 1, async ({ lamin, write, opened }) => {
      for (const name of ["a", "b", "c"]) write(name, name);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await lamin("add", "a", "b", "c");
      opened();
      assert.equal(await lamin("status", "-s"), "");
      assert.deepEqual(opened(), [], `skew ${skewMs}`);
    });
  }
});
