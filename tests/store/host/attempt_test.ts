import assert from "node:assert/strict";
import { attempt, attemptOrNull } from "../../../store/host/attempt.ts";
import { FileError } from "../../../store/host/host.ts";

/** Work that fails so many times in a way an engine has, then gives how often it was done. */
function interrupted(times: number, failure: Error): () => number {
  let count = 0;
  return () => {
    if (count++ < times) throw failure;
    return count;
  };
}

const byNode = Object.assign(new Error("EINTR: interrupted system call, read"), { code: "EINTR" });
const byDeno = new Deno.errors.Interrupted("Interrupted system call (os error 4)");

for (const [engine, failure] of [["node", byNode], ["deno", byDeno]] as const) {
  Deno.test(`attempt: a call that a signal interrupts is made again (${engine})`, () => {
    assert.equal(attempt("read", "/a", interrupted(3, failure)), 4);
    assert.equal(attemptOrNull("stat", "/a", interrupted(3, failure)), 4);
  });

  Deno.test(`attempt: one that is always interrupted ends (${engine})`, () => {
    const work = interrupted(Infinity, failure);
    assert.throws(() => attempt("read", "/a", work), { name: "FileError", code: "EINTR" });
  });

  Deno.test(`attempt: a file is not closed twice (${engine})`, () => {
    const work = interrupted(1, failure);
    assert.throws(() => attempt("close", "/a", work), { name: "FileError", code: "EINTR" });
    assert.equal(work(), 2);
  });
}

Deno.test("attempt: other failures come out at once", () => {
  const work = interrupted(1, new FileError("EIO", "read", "/a"));
  assert.throws(() => attempt("read", "/a", work), { code: "EIO" });
  assert.equal(work(), 2);
});

Deno.test("attempt: codes that Deno has no name for are known by their numbers", () => {
  const codes = { 27: "EFBIG", 122: "EDQUOT", 69: "EDQUOT", 116: "ESTALE", 70: "ESTALE" };
  for (const [number, code] of Object.entries(codes)) {
    const failure = new Error(`Some words (os error ${number}): open '/a'`);
    assert.throws(() => attempt("open", "/a", interrupted(1, failure)), { code });
  }
  const unknown = new Error("Some words (os error 999): open '/a'");
  assert.throws(() => attempt("open", "/a", interrupted(1, unknown)), { code: "EIO" });
});
