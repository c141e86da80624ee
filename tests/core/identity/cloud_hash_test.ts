import assert from "node:assert/strict";
import { hashOfEtag, hasLaminHash } from "../../../core/identity/cloud_hash.ts";
import { hashBytes } from "../../../core/identity/content_hasher.ts";
import { denoHost } from "../../../store/host/deno.ts";

/** What LaminDB 2.12.1 makes of what servers say. */
const made: readonly [scheme: string, etag: string, hash: string, type: string][] = [
  ["s3", '"b1946ac92492d2347c6235b4d2611184"', "sZRqySSS0jR8YjW00mERhA", "md5"],
  ["s3", '"d41d8cd98f00b204e9800998ecf8427e-12"', "1B2M2Y8AsgTpgAmY7PhCfg", "md5-12"],
  ["https", '"abc"', "kAFQmDzST7DWlj99KOF_cg", "md5-etag"],
  ["https", 'W/"abc"', "dNxOTiqc2V8rXoccC3o32A", "md5-etag"],
  ["http", '"5f-xyz=="', "uMSL-OXpJXgFMsOYKrePOQ", "md5-etag"],
  ["gs", "CKih16GjycICEAE=", "uNeFpUpw6qPNJ4q4Jf_GAw", "md5-etag"],
  ["hf", '"8c7e5a667f1b771847fe88c01c3de34413a1b220"', "jH5aZn8bdxhH_ojAHD3jRB", "sha1"],
];

Deno.test("cloud hashes are those of LaminDB", async () => {
  const hashing = await denoHost().hashing();
  for (const [scheme, etag, hash, hashType] of made) {
    assert.deepEqual(hashOfEtag(hashing, scheme, etag), { hash, hashType }, `${scheme} ${etag}`);
  }
});

Deno.test("cloud hashes prove bytes right or wrong only where they were made from them", async () => {
  const hashing = await denoHost().hashing();
  const found = hashBytes(hashing, new TextEncoder().encode("hello\n"));
  const large = { ...found, hash: "x", hashType: "sha1-fl" } as const;
  const cases: [string, string, typeof found | typeof large, string | undefined, unknown][] = [
    ["md5", "sZRqySSS0jR8YjW00mERhA", found, undefined, true],
    ["md5", "1B2M2Y8AsgTpgAmY7PhCfg", found, undefined, false],
    ["md5", "sZRqySSS0jR8YjW00mERhA", large, "sZRqySSS0jR8YjW00mERhA", true],
    ["md5", "1B2M2Y8AsgTpgAmY7PhCfg", large, "sZRqySSS0jR8YjW00mERhA", false],
    ["md5", "sZRqySSS0jR8YjW00mERhA", large, undefined, undefined],
    ["md5-12", "1B2M2Y8AsgTpgAmY7PhCfg", found, undefined, undefined],
    ["md5-etag", "kAFQmDzST7DWlj99KOF_cg", found, undefined, undefined],
  ];
  for (const [hashType, hash, content, md5, is] of cases) {
    assert.equal(hasLaminHash({ hash, hashType }, content, md5), is, `${hashType} ${hash}`);
  }
});
