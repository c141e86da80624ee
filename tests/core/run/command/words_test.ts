import assert from "node:assert/strict";
import { commandApart } from "../../../../cli/command_apart.ts";
import { paramsOf } from "../../../../core/run/command/params.ts";
import { shellCommand } from "../../../../core/text/shell_word.ts";
import { LaminError } from "../../../../store/errors.ts";

Deno.test("params: numbers, truth and lists as such, all else as text", () => {
  const words = ["a=4", "b=0.5", "c=true", "d=x=y", "e=007", "f=[1]", "g=", "h=[]", "i=null"];
  assert.deepEqual(paramsOf([...words, "j=12345678901234567890", "k=1e999", 'l={"m": 1}']), {
    a: 4,
    b: 0.5,
    c: true,
    d: "x=y",
    e: "007",
    f: [1],
    g: "",
    j: "12345678901234567890",
    k: "1e999",
    l: { m: 1 },
  });
  for (const wrong of [["a"], ["=1"], ["a=1", "a=2"]]) {
    assert.throws(() => paramsOf(wrong), LaminError, wrong.join());
  }
});

Deno.test("params: a secret is not kept", () => {
  assert.ok(!JSON.stringify(paramsOf(["api_key=canary123", "n=1"])).includes("canary"));
});

Deno.test("a quoted command is the same command for a shell", async () => {
  const words = ["a b", "", "it's", "$HOME", "é", "x;y", "--in=a,b", "*", "\n"];
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `printf '[%s]' ${shellCommand(words)}`],
  }).output();
  assert.equal(new TextDecoder().decode(stdout), words.map((word) => `[${word}]`).join(""));
});

Deno.test("options end where the command begins, unless a value of theirs stands there", () => {
  const apart = (...words: string[]) =>
    commandApart(words, new Set(["i"]), new Set(["--in", "--out"])).join(" ");
  assert.equal(apart("-q", "sort", "-r", "a"), "-q -- sort -r a");
  assert.equal(apart("--in", "a", "--out=b", "-i", "c", "sort"), "--in a --out=b -i c -- sort");
  assert.equal(apart("--in", "a", "--", "sort", "--", "x"), "--in a -- sort -- x");
  assert.equal(apart("--help"), "--help");
  assert.equal(apart("-", "x"), "-- - x");
  assert.equal(apart(), "");
});
