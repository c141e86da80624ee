/** Bytes that come from another instance. */
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { deathSuite } from "./stepping.ts";

/** Gives the instance the rows of another one, which lies beside it. */
async function pullRows({ root, home, lamin }: Atlas): Promise<void> {
  const lab = `${root.slice(0, root.lastIndexOf("/"))}/lab`;
  Deno.mkdirSync(lab);
  const there = atlasAt(lab, home);
  await there.lamin("init");
  there.write("a.csv", "first\n");
  there.write("f.zarr/0", "zero\n");
  await there.lamin("add", ".");
  there.write("a.csv", "second\n");
  there.write("f.zarr/1", "one\n");
  for (let file = 0; file < 9; file++) there.write(`raw/${file}.txt`, `${file}\n`);
  await there.lamin("add", ".");
  await lamin("remote", "add", "lab", lab);
  await lamin("pull", "lab");
}

deathSuite({
  name: "fetch: files, folders that share a file, and an older version",
  words: ["fetch", "--all"],
  again: "same",
  bringsBytes: true,
  prepare: pullRows,
});
