/** Real Python LaminDB writes to an instance while processes of the program do. */

import assert from "node:assert/strict";
import { noPython, pythonPath } from "../interop/python.ts";
import { withInstance, type Workspace } from "../lamin.ts";
import { seed } from "../seed.ts";
import { test } from "../skip.ts";
import { rounds } from "../soak.ts";
import { testEnvironment } from "../test_database.ts";
import { crowd } from "./crowd.ts";
import { checkAnswers, checkEnd } from "./verdict.ts";

const script = new URL("../interop/scripts/write_meanwhile.py", import.meta.url).pathname;

/** Starts a Python that writes `count` artifacts once it is told to; gives their texts by uid. */
function startPython({ root, home }: Workspace, name: string, count: number) {
  const child = new Deno.Command(pythonPath!, {
    args: [script, name, String(count)],
    cwd: root,
    env: { HOME: home, LAMIN_SETTINGS_DIR: home, NO_RICH: "1", ...testEnvironment },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const readUntil = async (isEnough: () => boolean) => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      if (isEnough()) return;
    }
  };
  return {
    ready: readUntil(() => /^ready$/m.test(text)),
    written: async (): Promise<Record<string, string>> => {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode("go\n"));
      await writer.close();
      await readUntil(() => false);
      assert.ok((await child.status).success, `Python failed after ${text}`);
      return JSON.parse(/^ANSWER (.*)$/m.exec(text)![1]!).written;
    },
  };
}

test("concurrency: Python and processes of the program write at once", noPython, async () => {
  const one = seed();
  await withInstance(async (workspace) => {
    const { root, home, run } = workspace;
    const pythons = Array.from(
      { length: rounds(1, 4) },
      (_, index) => startPython(workspace, `python${index}`, rounds(4, 12)),
    );
    await Promise.all(pythons.map(({ ready }) => ready));
    const [taken, ...written] = await Promise.all([
      crowd({ root, home, seed: one, processes: 8, length: rounds(8, 40) }),
      ...pythons.map((python) => python.written()),
    ]);
    try {
      checkAnswers(taken);
      await checkEnd(workspace, taken);
      for (const [uid, text] of written.flatMap((one) => Object.entries(one))) {
        const { code, stdout, stderr } = await run(["cat", uid]);
        assert.deepEqual([code, stdout], [0, text], stderr);
      }
    } catch (error) {
      throw new Error(`failed with LAMIN_SEED=${one}`, { cause: error });
    }
  });
});
