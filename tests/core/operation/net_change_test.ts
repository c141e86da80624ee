import assert from "node:assert/strict";
import { netChange } from "../../../core/operation/net_change.ts";
import { LaminError } from "../../../store/errors.ts";

const insert = (first_id: number, last_id = first_id) => ({
  table_name: "t",
  first_id,
  last_id,
  before: null,
  after: null,
});
const update = (id: number, before: object, after: object) => ({
  ...insert(id),
  before: JSON.stringify(before),
  after: JSON.stringify(after),
});
const remove = (id: number, before: object) => ({
  ...insert(id),
  before: JSON.stringify(before),
});

Deno.test("net change: a range of inserted rows", () => {
  const net = netChange([insert(3, 5), insert(9)]).get("t")!;
  assert.deepEqual([...net.appeared], [3, 4, 5, 9]);
});

Deno.test("net change: what was set twice has the first value before and the last after", () => {
  const net = netChange([
    update(1, { id: 1, a: 1, b: 1 }, { a: 2 }),
    update(1, { id: 1, a: 2, b: 1 }, { a: 3, b: 4 }),
  ]).get("t")!;
  assert.deepEqual(net.changed.get(1), { id: 1, before: { a: 1, b: 1 }, after: { a: 3, b: 4 } });
});

Deno.test("net change: what was inserted and changed is only new, and with its deletion nothing", () => {
  const net = netChange([insert(1, 2), update(1, { id: 1, a: 1 }, { a: 2 }), remove(2, { id: 2 })]);
  assert.deepEqual([...net.get("t")!.appeared], [1]);
  assert.equal(net.get("t")!.changed.size + net.get("t")!.vanished.size, 0);
});

Deno.test("net change: what was changed and deleted comes back as it was first", () => {
  const net = netChange([
    update(1, { id: 1, a: 1, b: 1 }, { a: 2 }),
    remove(1, { id: 1, a: 2, b: 1 }),
  ]).get("t")!;
  assert.deepEqual(net.vanished.get(1), { id: 1, a: 1, b: 1 });
  assert.equal(net.changed.size, 0);
});

Deno.test("net change: a log that is not sound is refused", () => {
  const damaged = (error: unknown) => error instanceof LaminError && error.code === "damaged";
  assert.throws(() => netChange([insert(1, Number.MAX_SAFE_INTEGER)]), damaged);
  assert.throws(() => netChange([{ ...insert(1), before: "{" }]), damaged);
  assert.throws(() => netChange([{ ...insert(1), before: "3" }]), damaged);
});
