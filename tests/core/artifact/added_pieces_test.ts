import assert from "node:assert/strict";
import { type KeptAdded, packed, unpacked } from "../../../core/artifact/add/added_pieces.ts";

function kept(number: number, change: Partial<KeptAdded> = {}): KeptAdded {
  const key = `d/ä🧬 ${number}.csv`;
  return { kind: "added", id: 40 + number, key, workPath: key, draft: undefined, ...change };
}

Deno.test("added pieces: files of one kind with ids in a row are kept as their keys", () => {
  for (const workPath of [undefined, "its key"]) {
    const some = Array.from({ length: 20 }, (_, number) => {
      const one = kept(number);
      return workPath === undefined ? { ...one, workPath } : one;
    });
    const piece = packed(some);
    assert.ok("keys" in piece);
    assert.deepEqual(unpacked(piece), some);
  }
});

Deno.test("added pieces: any other ones come out as they went in", () => {
  const odd: Partial<KeptAdded>[] = [
    { kind: "new version" },
    { id: 7 },
    { id: undefined },
    { key: null },
    { key: "with\0NUL", workPath: "with\0NUL" },
    { workPath: "elsewhere" },
    { workPath: undefined },
    // deno-lint-ignore no-explicit-any
    { draft: {} as any },
  ];
  for (const change of odd) {
    for (const place of [0, 3]) {
      const some = Array.from({ length: 5 }, (_, nth) => kept(nth, nth === place ? change : {}));
      assert.deepEqual(unpacked(packed(some)), some, JSON.stringify(change));
    }
  }
});
