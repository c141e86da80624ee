import assert from "node:assert/strict";
import { extraDataOf, recordedCommand } from "../../../core/run/recorded_command.ts";

const command = {
  command: ["sort", "-o", "b c", "a"],
  folder: "data",
  inputs: [{ uid: "A".repeat(20), path: "data/a" }],
  outputs: [{ uid: "B".repeat(20), path: "data/b c" }],
  outs: ["data/*"],
  auto: true,
  redacted: false,
};

Deno.test("a command comes back as it was recorded", () => {
  assert.deepEqual(recordedCommand(JSON.stringify(extraDataOf(command))), command);
});

Deno.test("what others wrote into the column is no command, or as much as it says", () => {
  for (const text of [null, "", "null", "[]", "{}", '{"lamin": 3}', '{"lamin": {"command": []}}']) {
    assert.equal(recordedCommand(text), undefined, String(text));
  }
  const half = { lamin: { command: ["ls"], inputs: [3, { uid: "u" }, { uid: "u", path: "p" }] } };
  assert.deepEqual(recordedCommand(JSON.stringify(half)), {
    command: ["ls"],
    folder: ".",
    inputs: [{ uid: "u", path: "p" }],
    outputs: [],
    outs: [],
    auto: false,
    redacted: false,
  });
});
