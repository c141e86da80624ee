/** Something done to the file of an instance with three artifacts, and the fault that it is. */
export interface FaultCase {
  readonly name: string;
  /** What does it to the file. */
  readonly sql: string;
  /** Column, row and table, and the problem; undefined where there is none. */
  readonly fault?: readonly [column: string | null, row: number | null, table: string, RegExp];
}

const artifact = "lamindb_artifact";
const set = (assignment: string) =>
  `PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
   UPDATE ${artifact} SET ${assignment} WHERE id = 2`;
/** Random letters, which cannot be compressed. */
const random = (bytes: number) =>
  `(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${bytes})
    SELECT group_concat(char(97 + abs(random()) % 26), '') FROM c)`;
const types = (values: string) =>
  `PRAGMA foreign_keys = OFF;
   INSERT INTO lamindb_record (id, uid, name, is_type, type_id, created_by_id, space_id, _aux) VALUES ${values}`;

/** Each kind of fault, and what lies just beside it and is none. */
export const faultCases: readonly FaultCase[] = [
  {
    name: "a NUL in a text",
    sql: set("description = 'a' || char(0) || 'b'"),
    fault: ["description", 2, artifact, /NUL/],
  },
  {
    name: "bytes that are no UTF-8",
    sql: set("description = CAST(x'61ff62' AS TEXT)"),
    fault: ["description", 2, artifact, /no UTF-8/],
  },
  {
    name: "a cut sequence of UTF-8, as long as what stands for it",
    sql: set("description = CAST(x'f09f98' AS TEXT)"),
    fault: ["description", 2, artifact, /no UTF-8/],
  },
  { name: "the sign that stands for no text", sql: set("description = char(0xFFFD)") },
  {
    name: "a text for a number",
    sql: set("size = 'many'"),
    fault: ["size", 2, artifact, /whole number/],
  },
  { name: "a broken number", sql: set("size = 1.5"), fault: ["size", 2, artifact, /whole/] },
  {
    name: "a number beyond those of JavaScript",
    sql: set("size = 9223372036854775807"),
    fault: ["size", 2, artifact, /larger/],
  },
  {
    name: "a number of more than 16 bits",
    sql: "UPDATE lamindb_branch SET _status_code = 40000 WHERE id = 1",
    fault: ["_status_code", 1, "lamindb_branch", /16 bits/],
  },
  {
    name: "bytes for a text",
    sql: set("description = x'00'"),
    fault: ["description", 2, artifact, /no text/],
  },
  {
    name: "no truth",
    sql: set("is_latest = 2"),
    fault: ["is_latest", 2, artifact, /true or false/],
  },
  {
    name: "no time",
    sql: set("created_at = 'now'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  {
    name: "a day that is not in the calendar",
    sql: set("created_at = '2025-02-29 00:00:00'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  {
    name: "a time of nanoseconds",
    sql: set("created_at = '2025-02-28 00:00:00.123456789'"),
    fault: ["created_at", 2, artifact, /no time/],
  },
  { name: "no JSON", sql: set("_aux = '{'"), fault: ["_aux", 2, artifact, /no JSON/] },
  { name: "NaN", sql: set(`_aux = '{"a": NaN}'`), fault: ["_aux", 2, artifact, /NaN/] },
  {
    name: "a NUL in JSON",
    sql: set(`_aux = '{"a": "\\u0000"}'`),
    fault: ["_aux", 2, artifact, /NUL/],
  },
  {
    name: "half a character in JSON",
    sql: set(`_aux = '{"a": "\\ud800"}'`),
    fault: ["_aux", 2, artifact, /surrogate/],
  },
  {
    name: "a text that is longer than its column",
    sql: set("version_tag = '0123456789012345678901234567890'"),
    fault: ["version_tag", 2, artifact, /longer than 30/],
  },
  {
    name: "a text beyond the limit of an index",
    sql: set(`description = ${random(9000)}`),
    fault: ["description", 2, artifact, /too long for an index of Postgres \(9000 bytes\)/],
  },
  { name: "a long text that can be compressed", sql: set("description = printf('%.20000c', 'x')") },
  { name: "a text just below the limit", sql: set(`description = ${random(2600)}`) },
  {
    name: "a reference to nothing",
    sql: set("run_id = 77"),
    fault: ["run_id", 2, artifact, /refers to a row of lamindb_run/],
  },
  {
    name: "a table of nobody",
    sql: "CREATE TABLE mine_sample (id integer); INSERT INTO mine_sample VALUES (1)",
    fault: [null, null, "mine_sample", /no known module/],
  },
  { name: "an empty table of nobody", sql: "CREATE TABLE mine_sample (id integer)" },
  {
    name: "a column of nobody",
    sql: `ALTER TABLE ${artifact} ADD COLUMN mine text; UPDATE ${artifact} SET mine = 'x'`,
    fault: ["mine", null, artifact, /not known/],
  },
  {
    name: "a type that is none",
    sql: types("(1, 'a', 'a', 0, NULL, 1, 1, NULL), (2, 'b', 'b', 0, 1, 1, 1, NULL)"),
    fault: ["type_id", 2, "lamindb_record", /cannot be its type/],
  },
  {
    name: "a row that is its own type",
    sql: types("(1, 'a', 'a', 1, 1, 1, 1, NULL)"),
    fault: ["type_id", 1, "lamindb_record", /leads back/],
  },
  {
    name: "a type for another space",
    sql:
      `INSERT INTO lamindb_space (id, uid, name, created_at) VALUES (2, 'sssssssssss2', 'two', '2025-01-01 00:00:00');
      ${types(`(1, 'a', 'a', 1, NULL, 1, 2, '{"ss": 1}'), (2, 'b', 'b', 0, 1, 1, 1, NULL)`)}`,
    fault: ["type_id", 2, "lamindb_record", /another space/],
  },
  {
    name: "a type for its own space",
    sql: types(`(1, 'a', 'a', 1, NULL, 1, 1, '{"ss": 1}'), (2, 'b', 'b', 0, 1, 1, 1, NULL)`),
  },
  {
    name: "names that differ by case alone",
    sql: `INSERT INTO lamindb_space (id, uid, name, created_at) VALUES
      (2, 'sssssssssss2', 'Ä', '2025-01-01 00:00:00'), (3, 'sssssssssss3', 'ä', '2025-01-01 00:00:00')`,
    fault: ["name", 3, "lamindb_space", /case of letters/],
  },
];
