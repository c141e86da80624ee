import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalOf } from "../../../core/migrate/canonical_value.ts";
import { carriedTo } from "../../../core/migrate/carried_value.ts";
import { jsonbText } from "../../../core/migrate/jsonb_text.ts";
import { Misfit } from "../../../core/migrate/misfit.ts";
import { dumpJson } from "../../../core/python/json.ts";
import { parseJson } from "../../../core/python/parse_json.ts";
import { json, optional, smallint, varchar } from "../../../core/registry/columns.ts";
import { datetime } from "../../../core/registry/columns.ts";
import { missingPostgres, postgresServer, withClient } from "../../postgres_server.ts";
import { seeded } from "../../seed.ts";
import { rounds } from "../../soak.ts";
import { test } from "../../skip.ts";

const isMisfit = (error: unknown) => error instanceof Misfit;

Deno.test("migrate: times of all lengths come to one form, and back to Python's", () => {
  const canonical = canonicalOf(datetime());
  const back = carriedTo("sqlite", datetime());
  for (
    const [given, form, python] of [
      ["2025-01-02 03:04:05", "2025-01-02 03:04:05.000000", "2025-01-02 03:04:05"],
      ["2025-01-02 03:04:05.120", "2025-01-02 03:04:05.120000", "2025-01-02 03:04:05.120000"],
      ["2025-01-02T03:04:05.000001Z", "2025-01-02 03:04:05.000001", "2025-01-02 03:04:05.000001"],
      ["2000-02-29 00:00:00+00:00", "2000-02-29 00:00:00.000000", "2000-02-29 00:00:00"],
    ] as const
  ) {
    assert.equal(canonical(given), form);
    assert.equal(back(form), python);
    assert.equal(canonical(form), form);
  }
  for (
    const bad of [
      "",
      "2025-01-02",
      "1900-02-29 00:00:00",
      "2025-01-02 24:00:00",
      "0000-01-01 00:00:00",
    ]
  ) {
    assert.throws(() => canonical(bad), isMisfit, bad);
  }
  assert.throws(() => canonical(null), isMisfit);
  assert.equal(canonicalOf(optional.datetime())(null), null);
});

Deno.test("migrate: texts are as long as their characters, numbers as wide as their column", () => {
  const short = canonicalOf(varchar(2));
  assert.equal(short("𝄞𝄞"), "𝄞𝄞");
  assert.throws(() => short("𝄞𝄞x"), isMisfit);
  assert.equal(canonicalOf(smallint())(-32768), -32768);
  assert.throws(() => canonicalOf(smallint())(32768), isMisfit);
});

Deno.test("migrate: JSON keeps what Python tells apart", () => {
  const round = (text: string) => carriedTo("sqlite", json())(jsonbText(text));
  for (
    const text of [
      "3",
      "3.0",
      "1e+16",
      "1e-05",
      "-1.5e-07",
      "1e+300",
      "null",
      "[]",
      "{}",
      '"\\u00e4"',
    ]
  ) {
    assert.equal(round(text), text);
  }
  assert.equal(jsonbText('{"bb": 1, "a": 2, "b": 3, "a": 4}'), '{"a": 4, "b": 3, "bb": 1}');
  for (const bad of ["NaN", "-Infinity", '"\\u0000"', '"\\udc00"', "{", ""]) {
    assert.throws(() => jsonbText(bad), isMisfit, bad);
  }
});

test("migrate: JSON is what jsonb of a real server makes of it", missingPostgres(), async () => {
  const server = await postgresServer();
  await withClient(server.url("postgres"), (sql) =>
    seeded(async (seed) => {
      const value = fc.jsonValue({ stringUnit: "binary", maxDepth: 3 })
        .filter((one) =>
          JSON.stringify(one).isWellFormed() && !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(one))
        );
      await fc.assert(
        fc.asyncProperty(value, async (one) => {
          const python = dumpJson(parseJson(JSON.stringify(one)));
          const form = jsonbText(python);
          const [row] = await sql`SELECT ${form}::text::jsonb::text AS text`;
          assert.equal(row!["text"], form);
          assert.equal(jsonbText(form), form);
          const again = dumpJson(parseJson(form), { sortKeys: true });
          const expected = dumpJson(parseJson(python), { sortKeys: true });
          assert.equal(again.replaceAll("-0.0", "0.0"), expected.replaceAll("-0.0", "0.0"));
        }),
        { seed, numRuns: rounds(200, 20) },
      );
    }));
});
