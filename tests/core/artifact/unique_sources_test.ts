import assert from "node:assert/strict";
import fc from "fast-check";
import { UniqueSources } from "../../../core/artifact/add/unique_sources.ts";
import { LaminError } from "../../../store/errors.ts";

/** What a map of all keys says. */
class Plain {
  readonly #paths = new Map<string | null, Set<string>>();

  admits(path: string, key: string | null): boolean | "clash" {
    const there = this.#paths.get(key);
    if (there === undefined) this.#paths.set(key, new Set([path]));
    else if (there.has(path)) return false;
    else if (key !== null) return "clash";
    else there.add(path);
    return true;
  }
}

const unique = () =>
  new UniqueSources((key, one, other) =>
    new LaminError("usage", `two paths would get the key ${key}: ${one} and ${other}`)
  );

function asked(sources: UniqueSources, path: string, key: string | null): boolean | "clash" {
  try {
    return sources.admits(path, key);
  } catch (error) {
    assert.ok(error instanceof LaminError && error.code === "usage");
    return "clash";
  }
}

Deno.test("unique sources: in any order as a map of all keys has them", () => {
  const key = fc.constantFrom("a", "b", "b/a", "b/c", "c", "ä", "z", null);
  const root = fc.constantFrom("/lab/", "/lab/", "/lab/", "/other/", "/lab/prefix-");
  const source = fc.tuple(root, key, fc.constantFrom("", "", "", "x"));
  fc.assert(fc.property(fc.array(source), (sources) => {
    const [ours, plain] = [unique(), new Plain()];
    for (const [before, name, after] of sources) {
      const path = `${before}${name ?? "keyless"}${after}`;
      assert.equal(asked(ours, path, name), plain.admits(path, name), `${path} as ${name}`);
    }
  }));
});

Deno.test("unique sources: one that comes again after thousands in order is known", () => {
  const all = unique();
  const keys = Array.from({ length: 3500 }, (_, nth) => `d/${String(nth).padStart(5, "0")}`);
  for (const key of keys) assert.equal(all.admits(`/lab/${key}`, key), true);
  for (const key of [keys[0]!, keys[999]!, keys[1000]!, keys[3499]!]) {
    assert.equal(all.admits(`/lab/${key}`, key), false);
    assert.throws(() => all.admits(`/elsewhere/${key}`, key), /two paths would get the key/);
  }
  assert.equal(all.admits("/lab/a", "a"), true);
  assert.equal(all.admits("/lab/a", "a"), false);
});
