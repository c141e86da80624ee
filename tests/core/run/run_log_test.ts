import assert from "node:assert/strict";
import { RunLog } from "../../../core/run/state/run_log.ts";
import { denoHost } from "../../../store/host/deno.ts";

const encoder = new TextEncoder();

function logged(
  work: (log: RunLog) => void,
  secrets: readonly string[] = [],
  beginningMax?: number,
): string {
  const path = Deno.makeTempFileSync({ prefix: "lamin-test-" });
  Deno.removeSync(path);
  try {
    const limits = beginningMax === undefined ? {} : { beginningMax };
    const log = new RunLog(denoHost(), path, secrets, limits);
    work(log);
    log.close();
    return Deno.readTextFileSync(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("log: lines of both streams in their order, the last one without an end too", () => {
  const text = logged((log) => {
    log.take("stdout", encoder.encode("one\ntw"));
    log.take("stderr", encoder.encode("warning\n"));
    log.take("stdout", encoder.encode("o\nthree"));
  });
  assert.equal(text, "one\nwarning\ntwo\nthree");
});

Deno.test("log: secrets are left out, also where a piece ends in one", () => {
  const text = logged((log) => {
    log.take("stdout", encoder.encode("key is cana"));
    log.take("stdout", encoder.encode("ry-12345 and\nAPI_TOKEN=canary-67890\n"));
  }, ["canary-12345"]);
  assert.ok(!text.includes("canary"), text);
  assert.match(text, /^key is .* and\nAPI_TOKEN=/);
});

Deno.test("log: of one that is very long the beginning and the end are kept", () => {
  const line = (number: number) => `${String(number).padStart(9, "0")}\n`;
  const text = logged(
    (log) => {
      for (let number = 0; number < 300_000; number++) {
        log.take("stdout", encoder.encode(line(number)));
      }
    },
    [],
    1000,
  );
  assert.ok(text.startsWith(line(0) + line(1)), text.slice(0, 100));
  assert.ok(text.endsWith(line(299_999)));
  assert.match(text, /\n\[… \d+ bytes left out …\]\n/);
  assert.ok(text.length < 1_200_000, String(text.length));
});
