/** Commands on instances whose rows and bytes are on servers, killed between two requests. */
import { flipBit } from "../core/fsck/damage.ts";
import type { RemotePlace } from "./remote_place.ts";
import { remoteDeathSuite } from "./remote_stepping.ts";

/** Files, a data set and a second version, all recorded. */
async function fill({ atlas: { write, lamin } }: RemotePlace): Promise<void> {
  write("raw/a.csv", "a\n");
  write("raw/b.csv", "b\n");
  write("raw/c.zarr/0", "c\n");
  write("raw/c.zarr/deep/1", "c too\n");
  await lamin("add", "raw");
  write("raw/a.csv", "a again\n");
  await lamin("add", "raw/a.csv");
}

remoteDeathSuite("add", {
  words: ["add", "raw", "same.txt"],
  again: "same",
  prepare: async (place) => {
    await fill(place);
    const { write } = place.atlas;
    write("raw/b.csv", "another b\n");
    write("raw/c.zarr/deep/1", "another c\n");
    write("raw/new.csv", "a\n");
    write("same.txt", "another b\n");
  },
});

remoteDeathSuite("add of a large file", {
  words: ["add", "large.bin"],
  again: "same",
  prepare: ({ atlas: { write } }) => {
    // Sent in two parts.
    write("large.bin", new Uint8Array(17 << 20).fill(7));
    return Promise.resolve();
  },
});

remoteDeathSuite("mv", { words: ["mv", "raw/", "cooked/"], again: "refused", prepare: fill });

remoteDeathSuite("rm", {
  words: ["rm", "-r", "--files", "raw"],
  again: "refused",
  prepare: fill,
});

remoteDeathSuite("rm --permanent", {
  words: ["rm", "--permanent", "--force", "raw/b.csv", "raw/c.zarr"],
  again: "refused",
  prepare: fill,
});

remoteDeathSuite("restore", {
  words: ["restore", "raw/a.csv"],
  again: "refused",
  prepare: async (place) => {
    await fill(place);
    await place.atlas.lamin("rm", "raw/a.csv");
  },
});

remoteDeathSuite("undo", {
  words: async ({ atlas }) => ["undo", (await atlas.json("op", "log"))[0].uid],
  again: "refused",
  prepare: async (place) => {
    await fill(place);
    await place.atlas.lamin("mv", "raw/", "cooked/");
  },
});

remoteDeathSuite("gc --apply", {
  words: ["gc", "--apply", "--grace", "0"],
  again: "same",
  // Notes of objects that were on their way out.
  tidy: ["fsck", "--repair"],
  prepare: async (place) => {
    await fill(place);
    await place.atlas.lamin("rm", "--permanent", "--force", "raw/b.csv", "raw/c.zarr");
  },
});

remoteDeathSuite("fsck --repair", {
  words: ["fsck", "--deep", "--repair"],
  again: "same",
  isDamaged: true,
  prepare: async (place) => {
    await fill(place);
    const { atlas, bucket } = place;
    const rows = await atlas.json("list", "artifact");
    const placeOf = (key: string) =>
      `${bucket}/${rows.find((row: { key: string }) => row.key === key)._real_key}`;
    flipBit(placeOf("raw/b.csv"), 0);
    Deno.removeSync(`${placeOf("raw/c.zarr")}/deep/1`);
  },
});

remoteDeathSuite("get", {
  words: ["get", "raw/"],
  again: "same",
  prepare: async (place) => {
    await fill(place);
    place.atlas.remove("raw");
  },
});
