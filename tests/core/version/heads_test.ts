import assert from "node:assert/strict";
import type { BranchRow } from "../../../core/version/family.ts";
import { toBranch, toTrash } from "../../../core/version/heads.ts";
import { family } from "./family_rows.ts";

const trash = -1;
/** What versions become: their branches, and which are the latest of theirs. */
function after(versions: readonly BranchRow[], changes: ReturnType<typeof toTrash>) {
  const rows = versions.map((row) => ({
    ...row,
    ...changes.find((change) => change.row.id === row.id)?.values,
  }));
  return {
    branches: rows.map(({ branch_id }) => branch_id),
    heads: rows.flatMap(({ is_latest }, index) => is_latest ? [index] : []),
  };
}

function trashed(versions: readonly BranchRow[], going: readonly number[]) {
  return after(versions, toTrash(going.map((index) => versions[index]!), versions));
}

function restored(versions: readonly BranchRow[], coming: readonly number[], branch = 1) {
  return after(versions, toBranch(coming.map((index) => versions[index]!), versions, branch));
}

Deno.test("trash: the newest version that stays becomes the latest, as in Python", () => {
  assert.deepEqual(trashed(family([1, 1, 1], [2]), [2]), { branches: [1, 1, trash], heads: [1] });
  // An older one was made the latest again: the newest of the others follows it all the same.
  assert.deepEqual(trashed(family([1, 1, 1], [0]), [0]), { branches: [trash, 1, 1], heads: [2] });
  assert.deepEqual(trashed(family([1, 1], [1]), [0]), { branches: [trash, 1], heads: [1] });
});

Deno.test("trash: a single version and a whole family keep their latest", () => {
  assert.deepEqual(trashed(family([1], [0]), [0]), { branches: [trash], heads: [0] });
  assert.deepEqual(trashed(family([1, 1, 1], [1]), [0, 1, 2]), {
    branches: [trash, trash, trash],
    heads: [1],
  });
});

Deno.test("trash: other branches are not touched", () => {
  assert.deepEqual(trashed(family([1, 1, 2], [1, 2]), [1]), {
    branches: [1, trash, 2],
    heads: [0, 2],
  });
  assert.deepEqual(trashed(family([1, 2], [0, 1]), [1]), { branches: [1, trash], heads: [0, 1] });
});

Deno.test("trash: it has one latest version of a family, too", () => {
  assert.deepEqual(trashed(family([trash, 1], [0, 1]), [1]), {
    branches: [trash, trash],
    heads: [1],
  });
});

Deno.test("trash: versions that share their bytes have no one to follow the latest", () => {
  const versions = family([1, 1], [1]).map((row) => ({ ...row, _overwrite_versions: true }));
  assert.deepEqual(trashed(versions, [1]), { branches: [1, trash], heads: [1] });
});

Deno.test("restore: the newest of all becomes the latest, else the one that is stays", () => {
  assert.deepEqual(restored(family([1, 1, trash], [1]), [2]), { branches: [1, 1, 1], heads: [2] });
  assert.deepEqual(restored(family([1, trash, 1], [2]), [1]), { branches: [1, 1, 1], heads: [2] });
  assert.deepEqual(restored(family([trash], [0]), [0]), { branches: [1], heads: [0] });
  // Python leaves a single version in the trash as the latest: beside a newer one it is not.
  assert.deepEqual(restored(family([trash, 1], [0, 1]), [0]), { branches: [1, 1], heads: [1] });
});

Deno.test("restore: a whole family has the latest that it had", () => {
  assert.deepEqual(restored(family([trash, trash, trash], [1]), [0, 1, 2]), {
    branches: [1, 1, 1],
    heads: [1],
  });
  assert.deepEqual(restored(family([trash, trash], []), [0, 1]), { branches: [1, 1], heads: [1] });
});

Deno.test("restore: to another branch, beside the latest of main", () => {
  assert.deepEqual(restored(family([1, trash], [0, 1]), [1], 2), {
    branches: [1, 2],
    heads: [0, 1],
  });
});

Deno.test("records without versions only move", () => {
  const label = { id: 1, uid: "abcd1234", branch_id: 1, created_at: "2026-01-01" };
  assert.deepEqual(toTrash([label], []), [{ row: label, values: { branch_id: trash } }]);
  const gone = { ...label, branch_id: trash };
  assert.deepEqual(toBranch([gone], [], 1), [{ row: gone, values: { branch_id: 1 } }]);
});
