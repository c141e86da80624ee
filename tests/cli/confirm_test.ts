import assert from "node:assert/strict";
import { confirm } from "../../cli/confirm.ts";
import { Context } from "../../cli/context.ts";
import { denoHost } from "../../store/host/deno.ts";

/** What `confirm` makes of pieces that are typed, and the question that it asked. */
async function answer(...pieces: readonly string[]): Promise<{ yes: boolean; asked: string }> {
  const host = denoHost();
  const encoder = new TextEncoder();
  let asked = "";
  const terminal = {
    ...host.terminal,
    async *input() {
      for (const piece of pieces) yield await Promise.resolve(encoder.encode(piece));
    },
    writeError: (bytes: Uint8Array) => void (asked += new TextDecoder().decode(bytes)),
  };
  const context = new Context({ ...host, terminal }, [], undefined);
  return { yes: await confirm(context, "really?"), asked };
}

Deno.test("confirm: only a yes is a yes", async () => {
  for (const yes of [["y\n"], ["Yes\n"], [" ye", "s \n", "no\n"], ["y"]]) {
    assert.ok((await answer(...yes)).yes, JSON.stringify(yes));
  }
  for (const no of [[], ["\n"], ["n\n"], ["yep\n"], ["\n", "y\n"], ["n", "y\n"]]) {
    assert.ok(!(await answer(...no)).yes, JSON.stringify(no));
  }
  assert.equal((await answer("y\n")).asked, "really? [y/N] ");
});
