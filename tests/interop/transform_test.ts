import assert from "node:assert/strict";
import { redactSource } from "../../core/run/redact.ts";
import { ensure, inProcess, transforms } from "../core/transform/ensure.ts";
import { withInstance } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, pythonOf } from "./python.ts";

/** Sources in which LaminDB's own rules say what is a secret. */
const sources = [
  'api_key = "S3CRET"; x = "y"',
  "self.clientSecret='S3CRET'",
  'HTTPToken: "S3CRET"',
  'os.environ["AWS_SECRET_ACCESS_KEY"] = "S3CRET"',
  "os.environ['HOME'] = '/x'",
  '{"private-key": "S3CRET", "public-key": "x"}',
  'db = "postgres://ann:S3CRET@host:5432/db?sslmode=require"',
  'connect(url="postgresql://ann@host/db", password=`S3CRET`)',
  'api_key = os.getenv("API_KEY")\napi_key: str\nf(token=token)',
  'tokens = "a b"; tokenizer = "x"; my.token: "S3CRET"',
  "a == 'token'; secret := 'S3CRET'",
];

test("interop: lamin takes out of source what Python does", noPython, async () => {
  await withInstance(async (workspace) => {
    const expected = await pythonOf(workspace, sources, "transforms.py", "redact");
    assert.deepEqual(sources.map(redactSource), expected);
  });
});

interface Step {
  readonly key: string;
  readonly source: string;
  readonly uid?: string;
  readonly description?: string;
  /** A file that is removed before. */
  readonly gone?: string;
  /** Whether there is a transform without source before. */
  readonly draft?: true;
}

const steps: readonly Step[] = [
  { key: "qc.py", source: "print(1)\n" },
  { key: "qc.py", source: "print(1)\n", description: "checks" },
  { key: "qc.py", source: "print(2)\n" },
  { key: "qc.py", source: "print(1)\n" },
  { key: "qc.py", source: "print(3)\n" },
  { key: "sub/other.py", source: 'token = "S3CRET"\n' },
  { key: "sub/renamed.py", source: 'token = "S3CRET"\n', gone: "sub/other.py" },
  { key: "draft.R", source: "1\n", draft: true },
  { key: "draft.R", source: "2\n" },
  { key: "named.sh", source: "ls\n", uid: "abcdefABCDEF" },
  { key: "named.sh", source: "ls -l\n", uid: "abcdefABCDEF" },
  { key: "moved.sh", source: "ls -la\n", uid: "abcdefABCDEF" },
  { key: "exact.qmd", source: "# A\n", uid: "0123456789ab0000" },
  { key: "exact.qmd", source: "# B\n", uid: "0123456789ab0001" },
];

/** Rows with the number of their family in place of the random part of their uids. */
function comparable<R extends { readonly uid: string }>(rows: readonly R[]) {
  const stems = [...new Set(rows.map(({ uid }) => uid.slice(0, 12)))];
  return rows.map((row) => ({
    ...row,
    uid: [stems.indexOf(row.uid.slice(0, 12)), row.uid.slice(12)],
  }));
}

test("interop: the same code leads to the same transforms as in Python", noPython, async () => {
  let expected: { readonly uid: string }[] = [];
  await withInstance(async (workspace) => {
    expected = await pythonOf(workspace, steps, "transforms.py", "ensure");
  });
  await withInstance((workspace) =>
    inProcess(workspace, async (instance) => {
      for (const { key, gone, draft, ...step } of steps) {
        const kind = key.endsWith(".qmd") ? "notebook" as const : "script" as const;
        if (draft) await ensure(instance, { key, kind });
        await ensure(instance, { key, kind, ...step, isGone: (other) => other === gone });
      }
      const rows = (await transforms(instance)).map((row) => ({
        uid: row.uid,
        key: row.key,
        description: row.description,
        kind: row.kind,
        source_code: row.source_code,
        hash: row.hash,
        is_latest: row.is_latest,
        branch_id: row.branch_id,
      }));
      assert.deepEqual(comparable(rows), comparable(expected));
    })
  );
});
