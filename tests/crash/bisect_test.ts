/** A search that dies between a verdict and the next version mistakes no version for another. */
import { deathSuite } from "./stepping.ts";

deathSuite({
  name: "bisect: a verdict and the next version of a file",
  words: ["bisect", "good", "1"],
  again: "same",
  prepare: async ({ write, lamin }) => {
    for (let version = 0; version < 4; version++) {
      write("m.txt", `${version}\n`);
      await lamin("add", "m.txt");
    }
    await lamin("bisect", "start", "m.txt");
  },
});
