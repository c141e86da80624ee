/** What goes to instances whose rows and bytes are on servers, killed between two requests. */
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import type { RemotePlace } from "./remote_place.ts";
import { remoteDeathSuite } from "./remote_stepping.ts";

/** An instance in a folder of the same person, whose settings lead to the one on servers. */
function labOf({ atlas: { home }, environment }: RemotePlace): Atlas {
  return atlasAt(`${home}/lab`, home, { environment });
}

/** Files, versions and a data set, some of which the instance on servers has. */
async function fill(place: RemotePlace): Promise<void> {
  const lab = labOf(place);
  Deno.mkdirSync(lab.root);
  await lab.lamin("init");
  lab.write("early.csv", "early\n");
  await lab.lamin("add", "early.csv");
  await lab.lamin("push", place.atlas.root);
  lab.write("early.csv", "changed\n");
  for (const file of ["a", "b", "c"]) lab.write(`raw/${file}.csv`, `${file}\n`);
  lab.write("f.zarr/0", "zero\n");
  lab.write("f.zarr/deep/1", "one\n");
  await lab.lamin("add", ".");
  place.atlas.write("own.csv", "own\n");
  await place.atlas.lamin("add", "own.csv");
}

remoteDeathSuite("push", {
  at: labOf,
  words: ({ atlas }) => Promise.resolve(["push", atlas.root]),
  again: "same",
  prepare: fill,
});

remoteDeathSuite("pull --data all", {
  words: (place) => Promise.resolve(["pull", labOf(place).root, "--data", "all"]),
  again: "same",
  prepare: fill,
});
