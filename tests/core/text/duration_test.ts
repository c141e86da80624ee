import assert from "node:assert/strict";
import { parseDuration } from "../../../core/text/duration.ts";
import { LaminError } from "../../../store/errors.ts";

Deno.test("durations", () => {
  const known: [string, number][] = [
    ["0", 0],
    ["0d", 0],
    ["90s", 90_000],
    ["90m", 5_400_000],
    ["12h", 43_200_000],
    ["14d", 1_209_600_000],
    ["2w", 1_209_600_000],
    ["1.5h", 5_400_000],
    [" 3d ", 259_200_000],
  ];
  for (const [text, ms] of known) assert.equal(parseDuration(text), ms, text);
  for (const text of ["", "14", "d", "-1d", "1y", "1 d", "1d2h", "1e3s", "١d", "NaN", "1.d"]) {
    assert.throws(
      () => parseDuration(text),
      (error: unknown) => error instanceof LaminError && error.code === "usage",
      text,
    );
  }
});
