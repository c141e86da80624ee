import assert from "node:assert/strict";
import {
  folderHashType,
  hashDict,
  hashFolder,
  hashJsonValue,
  hashSet,
  hashString,
} from "../../../core/identity/hash.ts";
import { parseJson } from "../../../core/python/parse_json.ts";
import { isPythonDict } from "../../../core/python/value.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { pythonCorpus } from "../python_corpus.ts";

const hashing = await denoHost().hashing();

Deno.test("hashString, hashSet and hashFolder give LaminDB's hashes", () => {
  for (const [text, hash] of pythonCorpus.hash_string) {
    assert.equal(hashString(hashing, text), hash);
  }
  for (const [members, hash] of pythonCorpus.hash_set) {
    assert.equal(hashSet(hashing, members), hash);
  }
  for (const { contents, hash, hash_type } of pythonCorpus.hash_folder) {
    const hashes = contents.map((content) => hashString(hashing, content));
    assert.equal(hashFolder(hashing, hashes), hash);
    assert.equal(hashFolder(hashing, hashes.toReversed()), hash);
    assert.equal(folderHashType, hash_type);
  }
});

Deno.test("the worked examples of COMPAT §4.2 come out", () => {
  assert.equal(hashString(hashing, "hello\n"), "sZRqySSS0jR8YjW00mERhA");
  assert.equal(hashString(hashing, ""), "1B2M2Y8AsgTpgAmY7PhCfg");
  assert.equal(hashString(hashing, "abc"), "kAFQmDzST7DWlj99KOF_cg");
  const folder = ["x", "yy"].map((text) => hashString(hashing, text));
  assert.equal(hashFolder(hashing, folder), "dkNvRcq9oswXHB3iSbmp2A");
  assert.equal(
    hashSet(hashing, ["oQ7bu48o-OmO5rZJ6iVW9A", "dkNvRcq9oswXHB3iSbmp2A"]),
    "zIorwU16bEorcnZDP7jbbw",
  );
  const values: ReadonlyArray<readonly [string, string]> = [
    ["3", "7MvIfktc4v4oMI_Z8qe68w"],
    ["36.6", "LxtrqgKPv1yG0tjAD2aNyg"],
    ['"hi"', "SfaKXIST7CwL9ImCHCH8Ow"],
    ["true", "-CfPRi9ihI3zfF4elKTadA"],
    ['"2024-01-02"', "rjVKDBiSZ--foGOKGfO31A"],
    ["[3, 1, 2]", "oJ6o2tOORyzaf2l1s-zEjw"],
    ['["a", "b"]', "znW9HNch9o3WK2XihooZUQ"],
    ["3.0", "VcgrYB3q4CjBxeh_2CCSPQ"],
    ['{"b": 1, "a": [1, 2]}', "vSrkP8i5TjQWigabbCBgtw"],
  ];
  for (const [json, hash] of values) assert.equal(hashJsonValue(hashing, parseJson(json)), hash);
});

Deno.test("values of JsonValue hash as Python hashes them", () => {
  let dicts = 0;
  for (const { text, hash } of pythonCorpus.json) {
    if (hash === null) continue; // lone surrogates have no UTF-8, Python refuses to hash them
    const value = parseJson(text);
    assert.equal(hashJsonValue(hashing, value), hash, text);
    if (isPythonDict(value)) {
      dicts++;
      assert.equal(hashDict(hashing, value), hash, text);
    }
  }
  assert.ok(dicts > 10);
});

Deno.test("schema hashes come from hashString over sorted items (COMPAT §7.6)", () => {
  const members = hashString(hashing, ["icAVPd7glXmt", "Zs1eODjeZ4Ml"].sort().join(":"));
  assert.equal(members, "DNKv9Iv-_5ESCzfOa2Dn4w");
  const items = ["b=Feature", "c=True", "d=False", "e=False", "h=2", `j=${members}`];
  assert.equal(hashString(hashing, items.sort().join(":")), "XJjAizzl_F97g7CmO2KIbw");
  const optional = hashString(hashing, "icAVPd7glXmt(i):Zs1eODjeZ4Ml");
  const strict = ["b=Feature", "c=True", "d=True", "e=True", "g=True", "h=2", `j=${optional}`];
  assert.equal(hashString(hashing, strict.sort().join(":")), "ct5vDAPQWpva7yo-ryi5Hg");
});
