import assert from "node:assert/strict";
import { isBase62 } from "../../../core/identity/base62.ts";
import { instanceId, instanceUid } from "../../../core/identity/instance_id.ts";
import {
  derivedUid,
  newUid,
  nextVersionUid,
  stemUid,
  type UidKind,
  uidLength,
  versionSuffix,
} from "../../../core/identity/uid.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { LaminError } from "../../../store/errors.ts";
import { pythonCorpus } from "../python_corpus.ts";

const hashing = await denoHost().hashing();

const refuses = (code: string, work: () => unknown) =>
  assert.throws(work, (error: unknown) => error instanceof LaminError && error.code === code);

Deno.test("new uids have the lengths of COMPAT §3.1 and start at version 0000", () => {
  const lengths: ReadonlyArray<readonly [UidKind, number, boolean]> = [
    ["Artifact", 20, true],
    ["Collection", 20, true],
    ["Block", 20, true],
    ["Transform", 16, true],
    ["Run", 16, false],
    ["Record", 16, false],
    ["Schema", 16, false],
    ["Feature", 12, false],
    ["Project", 12, false],
    ["Reference", 12, false],
    ["Storage", 12, false],
    ["Space", 12, false],
    ["Branch", 12, false],
    ["ULabel", 8, false],
    ["Source", 8, false],
    ["Term", 14, false],
  ];
  for (const [kind, length, versioned] of lengths) {
    const uid = newUid(denoHost(), kind);
    assert.equal(uid.length, length, kind);
    assert.equal(uidLength(kind), length, kind);
    assert.ok(isBase62(uid));
    if (versioned) assert.equal(versionSuffix(uid), "0000");
    assert.notEqual(newUid(denoHost(), kind), uid);
  }
});

Deno.test("the next version is one more than the largest of the family, as in LaminDB", () => {
  const stem = "XJjAizzlF97g7Cm0";
  for (const [suffix, next] of pythonCorpus.next_suffix) {
    if (suffix === "zzzz") continue;
    assert.equal(nextVersionUid([stem + suffix]), stem + next);
  }
  assert.equal(nextVersionUid([`${stem}000Z`, `${stem}000a`, `${stem}0009`]), `${stem}000b`);
  assert.equal(nextVersionUid(["t2xCdMB9v5wL000z"]), "t2xCdMB9v5wL0010");
  assert.equal(stemUid("t2xCdMB9v5wL000z"), "t2xCdMB9v5wL");
});

Deno.test("a family that is none is refused, and so is one without a number left", () => {
  refuses("damaged", () => nextVersionUid([]));
  refuses("damaged", () => nextVersionUid(["abcdefgh0000", "abcdefgX0001"]));
  refuses("damaged", () => nextVersionUid(["abcdefgh0000", "abcdefgh00001"]));
  refuses("damaged", () => nextVersionUid(["abcdefgh00%0"]));
  refuses("damaged", () => nextVersionUid(["0000"]));
  refuses("conflict", () => nextVersionUid(["abcdefghzzzz"]));
});

Deno.test("derived uids are bionty's (COMPAT §11.2)", () => {
  const examples: ReadonlyArray<readonly [string, string]> = [
    ["CL:0000084", "22LvKd01YyNA1a"],
    ["my cell", "1QrKqhytXLfe96"],
    ["ENSG00000141510", "25go2bMsQFCxy3"],
    ["FOOhuman", "4lA2J6wjWrbaXG"],
    ["P04637", "61adbJwrOq4pqn"],
    ["CD8human", "1xRpnOHIkdyEXB"],
    ["NCBITaxon:9606", "1dpCL6TduFJ3AP"],
    ["bionty.Organismensemblvertebratesrelease-116", "6Exvf3us"],
    ["bionty.CellTypemyclall1", "5I5nT4d4"],
  ];
  for (const [text, uid] of examples) assert.equal(derivedUid(hashing, text, uid.length), uid);
  for (const [text, term, source] of pythonCorpus.derived) {
    assert.equal(derivedUid(hashing, text, 14), term);
    assert.equal(derivedUid(hashing, text, 8), source);
  }
});

Deno.test("instance ids and uids follow from the slug (COMPAT §1.4)", () => {
  assert.equal(instanceId(hashing, "anonymous/x"), "3b34a2b3529056bfa4ce7170bfb525c6");
  assert.equal(instanceUid(hashing, "3b34a2b3529056bfa4ce7170bfb525c6"), "2S0KtV7Sz4yP");
  for (const [slug, id, uid] of pythonCorpus.instances) {
    assert.equal(instanceId(hashing, slug), id);
    assert.equal(instanceUid(hashing, id), uid);
  }
});
