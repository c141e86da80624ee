/** Commands that read what another lab has, and bring it home. */
import assert from "node:assert/strict";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { look } from "./look.ts";
import { deathSuite } from "./stepping.ts";

/** The lab, beside the instance, so that it is kept and put back with it. */
function labBeside({ root, home }: Pick<Atlas, "root" | "home">): Atlas {
  return atlasAt(`${root}/../lab`, home);
}

async function withLab(atlas: Atlas): Promise<Atlas> {
  const lab = labBeside(atlas);
  Deno.mkdirSync(lab.root);
  await lab.lamin("init");
  lab.write("a.csv", "a\n");
  lab.write("b.csv", "b\n");
  lab.write("f.zarr/0", "zero\n");
  lab.write("f.zarr/deep/1", "one\n");
  await lab.lamin("add", ".");
  await atlas.lamin("remote", "add", "lab", lab.root);
  return lab;
}

deathSuite({
  name: "materialize",
  words: ["materialize", "--all"],
  again: "same",
  prepare: async (atlas) => {
    await withLab(atlas);
    await atlas.lamin("pull", "lab", "--zero-copy");
  },
});

deathSuite({
  name: "pull --zero-copy",
  words: ["pull", "lab", "--zero-copy"],
  again: "same",
  prepare: async (atlas) => {
    await withLab(atlas);
  },
  check: (atlas) => {
    const { rows } = look(labBeside(atlas).root);
    const leases = rows.filter((row) => row.startsWith("lamin_lease "));
    assert.equal(leases.length, 1, "one lease is left");
    assert.match(leases[0]!, /f?\.zarr/);
    assert.doesNotMatch(leases[0]!, /"names":null/);
  },
});

deathSuite({
  name: "verify --update",
  words: ["verify", "--update", "--full"],
  again: "same",
  prepare: async (atlas) => {
    const lab = await withLab(atlas);
    await atlas.lamin("pull", "lab", "--zero-copy");
    Deno.renameSync(lab.root, `${lab.root}-moved`);
    await atlas.lamin("remote", "remove", "lab");
    await atlas.lamin("remote", "add", "lab", `${lab.root}-moved`);
  },
});
