import assert from "node:assert/strict";
import type { Prepared } from "../../../core/artifact/add/prepared.ts";
import { PreparedPieces } from "../../../core/artifact/add/prepared_pieces.ts";
import type { ArtifactKey } from "../../../core/identity/key.ts";

function prepared(number: number, change: Partial<Prepared> = {}): Prepared {
  const workPath = `d/ä🧬 ${number}.csv`;
  return {
    source: { path: `/lab/${workPath}`, workPath, key: workPath as ArtifactKey, isFolder: false },
    sha256: number.toString(16).padStart(64, "0"),
    hash: "abcdefghijklmnopqrst-_",
    hashType: number % 2 === 0 ? "md5" : "sha1-fl",
    size: 2 ** 40 + number,
    suffix: number % 3 === 0 ? ".csv" : "",
    otype: number % 5 === 0 ? null : "DataFrame",
    manifest: undefined,
    staged: [],
    ...change,
  };
}

const byNumber = (a: Prepared, b: Prepared) => a.size - b.size;

Deno.test("prepared pieces: what goes in comes out, packed or not", () => {
  const all = Array.from({ length: 4500 }, (_, number) => prepared(number));
  const { source } = all[0]!;
  all[7] = prepared(7, { source: { ...source, key: "other/name.csv" as ArtifactKey } });
  all[8] = prepared(8, { source: { ...source, key: null } });
  all[9] = prepared(9, { source: { ...source, workPath: undefined } });
  all[10] = prepared(10, { manifest: [{ path: "0", size: 1, sha256: "00" }] });
  all[11] = prepared(11, { hash: "a hash of another length" });
  const pieces = new PreparedPieces();
  for (const one of all) pieces.push(one);
  assert.equal(pieces.length, all.length);
  const back = [...pieces.pieces()];
  assert.ok(back.every((piece) => piece.length <= 2000));
  assert.deepEqual(back.flat().sort(byNumber), all);
  assert.deepEqual([...pieces.pieces()].flat().sort(byNumber), all, "and again");
});

Deno.test("prepared pieces: more suffixes than a byte can number are not packed", () => {
  const all = Array.from(
    { length: 2000 },
    (_, number) => prepared(number, { suffix: `.${number}` }),
  );
  const pieces = new PreparedPieces();
  for (const one of all) pieces.push(one);
  assert.deepEqual([...pieces.pieces()].flat(), all);
});

Deno.test("prepared pieces: without a key the same content counts once", () => {
  const keyless = { ...prepared(1).source, key: null };
  const pieces = new PreparedPieces();
  for (let count = 0; count < 3; count++) pieces.push(prepared(1, { source: keyless }));
  pieces.push(prepared(2, { source: keyless }));
  assert.equal(pieces.length, 2);
});
