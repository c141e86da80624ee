import assert from "node:assert/strict";
import fc from "fast-check";
import type { Condition, Database } from "../../../store/database/database.ts";
import { sqliteDialect } from "../../../store/database/sqlite_dialect.ts";
import { postgresDialect } from "../../../store/database/postgres/dialect.ts";
import { seed } from "../../seed.ts";
import { test } from "../../skip.ts";
import { drivers, withTables } from "./driver.ts";
import { kinds } from "./tables.ts";

const [sqlite, postgres] = drivers;
const dialects = { sqlite: sqliteDialect, postgres: postgresDialect };

/** Texts that engines are likely to treat differently. */
const words = fc.string({
  unit: fc.constantFrom(
    ..."aAbBzZ09 _-%./'\"\\$?^{}[]()|*+éÉßÄäŁłİıΣσςЖж日🐭\u00a0\u2028\u0301",
  ),
  maxLength: 6,
});

/** Runs `work` with the same rows in both engines. */
async function withBoth(
  work: (both: readonly Database[]) => Promise<void>,
): Promise<void> {
  await withTables(
    sqlite!,
    [kinds],
    (one) => withTables(postgres!, [kinds], (other) => work([one, other])),
  );
}

async function fill(both: readonly Database[], rows: readonly object[]): Promise<void> {
  for (const database of both) {
    await database.write(async (writer) => {
      await writer.run("DELETE FROM test_kind");
      await writer.insert(kinds, rows.map((row, index) => ({ id: index + 1, ...row })));
    });
  }
}

/** The ids that a condition finds in each engine, in the order of its own. */
async function found(
  both: readonly Database[],
  of: (dialect: typeof sqliteDialect) => { where?: Condition; order?: string },
): Promise<unknown[][]> {
  return await Promise.all(both.map((database) =>
    database.read(async (reader) => {
      const { where, order = "id" } = of(dialects[database.dialect.name]);
      const rows = await reader.select(
        kinds,
        `${where?.sql ?? "TRUE"} ORDER BY ${order}`,
        where?.parameters ?? [],
      );
      return rows.map(({ id }) => id);
    })
  ));
}

const parameters = { seed: seed(), numRuns: 25 };

test("dialect: both engines find and sort the same texts", postgres!.missing, async () => {
  await withBoth(async (both) => {
    const lists = fc.array(fc.option(words), { minLength: 1, maxLength: 30 });
    const property = fc.asyncProperty(lists, words, async (texts, given) => {
      await fill(both, texts.map((name) => ({ name, note: name })));
      const part = given.slice(0, 2);
      const same = async (of: Parameters<typeof found>[1]) => {
        const [left, right] = await found(both, of);
        assert.deepEqual(right, left, JSON.stringify(of(sqliteDialect)));
      };
      for (const text of [given, part, texts[0] ?? "", (texts.at(-1) ?? "").slice(0, 1)]) {
        for (const column of ["name", "note"]) {
          await same((dialect) => ({ where: dialect.startsWith(column, text) }));
          await same((dialect) => ({ where: dialect.endsWith(column, text) }));
          await same((dialect) => ({ where: dialect.contains(column, text) }));
        }
        await same((dialect) => ({
          where: { sql: `${dialect.lower("name")} = ?`, parameters: [text.toLowerCase()] },
        }));
        for (const sign of ["<", "<=", ">", ">="] as const) {
          await same(({ textSigns }) => ({
            where: { sql: `name ${textSigns[sign]} ?`, parameters: [text] },
          }));
        }
      }
      const list = [given, part, ...texts.slice(0, 3).map(String)];
      await same(({ valuesOf }) => {
        const { sql, parameters } = valuesOf(list);
        return { where: { sql: `name IN (${sql})`, parameters } };
      });
      await same(({ valuesOf, among }) => {
        const { sql, parameters } = valuesOf(list);
        return { where: { sql: `name ${among(sql)}`, parameters } };
      });
      await same(({ textOrder }) => ({ order: `${textOrder("name")} NULLS LAST, id` }));
      await same(({ textOrder }) => ({ order: `${textOrder("note", true)} NULLS LAST, id` }));
    });
    await fc.assert(property, parameters);
  });
});

test("dialect: both engines see the same in JSON", postgres!.missing, async () => {
  const keys = fc.constantFrom("a", "b", "0", "1", "é", "a b", "$", "-1");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false, 0, 1, -3, 2.5, 1000000, 0.125),
      words,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 3 }),
    ),
  }));
  await withBoth(async (both) => {
    const property = fc.asyncProperty(
      fc.array(fc.option(value), { minLength: 1, maxLength: 20 }),
      fc.array(keys, { maxLength: 3 }),
      async (values, path) => {
        await fill(both, values.map((one) => ({ aux: one === null ? null : JSON.stringify(one) })));
        const [left, right] = await Promise.all(
          both.map((database) =>
            database.read(async (reader) => {
              const text = reader.dialect.jsonText("aux", path);
              const number = reader.dialect.jsonNumber("aux", path);
              const rows = await reader.all<{ text: string | null; number: number | null }>(
                `SELECT ${text.sql} AS text, ${number.sql} AS number FROM test_kind ORDER BY id`,
                [...text.parameters, ...number.parameters],
              );
              // Lists and objects as what they say: jsonb keeps no spaces and no order of keys.
              return rows.map((
                row,
              ) => [/^[[{]/.test(row.text ?? "") ? meaning(row.text!) : row.text, row.number]);
            })
          ),
        );
        assert.deepEqual(right, left, JSON.stringify({ path, values }));
      },
    );
    await fc.assert(property, { ...parameters, numRuns: 60 });
  });
});

function meaning(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

test("dialect: both engines match the same by expressions", postgres!.missing, async () => {
  const patterns = [
    ..."a ^a a$ ^$ . .. [ab] [^ab] [a-c]+ a|b (a)(b)? a* a+? a{1,2} \\. \\$ \\\\ \\? \\/".split(
      " ",
    ),
    ..."\\d \\D \\w \\W \\s \\S [\\d_] [\\w.] \\b \\ba a\\b \\Ba (?:ab)+ (?=a) (?!a). (?<=a)b"
      .split(" "),
    ..."(?<!a)b (?<name>a)b \\u00e9 \\u{1F42D} \\x61 [.] [[] [\\]] [\\b] é É ß 日 (a)\\1 a.b".split(
      " ",
    ),
  ];
  await withBoth(async (both) => {
    const texts = [
      ...["", "a", "A", "b", "ab", "aab", "abab", "a b", "a\nb", "a\r\nb", "b_1", "9", "x.y", "a$"],
      ...[
        "\\",
        "?",
        "/",
        "[",
        "]",
        "é",
        "É",
        "e\u0301",
        "ß",

        "日本",
        "🐭",
        "\u00a0",
        "\u2028",
      ],
      ...["\t", " ", "aa", "\b", "a-b", "Ж", "ж", "_", "٣"],
    ];
    await fill(both, [...texts.map((name) => ({ name })), { name: null }]);
    for (const pattern of patterns) {
      for (const ignoreCase of [false, true]) {
        const [left, right] = await found(both, (dialect) => ({
          where: dialect.matches("name", pattern, { ignoreCase }),
        }));
        const shown = (ids: unknown[]) => ids.map((id) => texts[Number(id) - 1]);
        assert.deepEqual(shown(right!), shown(left!), `${pattern} ${ignoreCase}`);
      }
    }
  });
});
