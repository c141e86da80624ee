import fc from "fast-check";

/** Names that are odd, but that a file may have. */
export const oddNames: readonly string[] = [
  "cafe\u0301.csv", // NFD
  "caf\u00e9.csv", // NFC
  "A.csv",
  "a.csv",
  "-dash.csv",
  "--flag=odd.csv",
  " lead and trail ",
  "trailing.",
  "back\\slash.csv",
  "colon:stream.csv",
  "CON",
  "nul.csv",
  "new\nline.csv",
  "tab\tbed.csv",
  "esc\x1b[2J\x07.csv",
  "c1\x9b31m.csv",
  "\u202egnp.csv",
  "zero\u200bwidth.csv",
  "\ufeffbom.csv",
  "🧬🦠.csv",
  "👩‍🔬.csv",
  "数据.csv",
  "a%2fb%00.csv",
  "x@0001.csv",
  "@",
  "~",
  "*",
  "[a-z]?.csv",
  "{a,b}.csv",
  "$HOME.csv",
  "`id`.csv",
  "'; DROP TABLE lamindb_artifact; --.csv",
  "quote\"'.csv",
  "null",
  "__proto__",
  "constructor",
  "toString.csv",
  `${"l".repeat(251)}.csv`, // 255 bytes
  `${"é".repeat(125)}.csv`, // 254 bytes
  ".hidden",
  "...",
];

/** Words that no file may be called, or that mean something to a command line or a query. */
const oddWords: readonly string[] = [
  "",
  " ",
  "\n",
  "-",
  "--",
  "---",
  "-x",
  "-=",
  "--=",
  "--json=maybe",
  "--limit=-1",
  "-n",
  "-n-1",
  "--no-json",
  ".",
  "..",
  "../..",
  "./",
  "a/",
  "a//b",
  "a/../a/table.csv",
  "/dev/null",
  "/dev/zero",
  "/dev/null/x",
  "@0001",
  "a/table.csv@",
  "a/table.csv@9999",
  "a/table.csv@0001@0001",
  "a/tabel.csv",
  "artefact",
  "artifact",
  "lamindb.artifact",
  ".lamindb",
  ".lamindb/lamin.db",
  "\ud800",
  "\udc00x",
  "nul\0byte",
  "=",
  "==",
  "=x",
  "key",
  "key=",
  "key__=x",
  "__=x",
  "key__startswith",
  "key__nothing=1",
  "nothing=1",
  "size__gt=NaN",
  "size__gt=1e999",
  "size=99999999999999999999",
  "size=-9223372036854775808",
  "size__range=1",
  "size__in=",
  "key__regex=(",
  "key__regex=(a+)+$",
  "key__iregex=[",
  "key__in=" + "a,".repeat(20_000),
  "created_at__gt=2026-13-45",
  "created_at=yesterday",
  "created_at__range=2026,",
  "is_latest=maybe",
  "params__a__b=1",
  "params={",
  "features__x=1",
  "run__transform__key__startswith=",
  `${"run__".repeat(1000)}key=x`,
  `${"versions__".repeat(40)}key=x`,
  "ulabels__name=1' OR '1'='1",
  "id=1; DELETE FROM lamindb_artifact",
  "id__exact__exact=1",
  "pk=1",
  "constructor=1",
  "__proto__=1",
  "key=\u202e",
  "x".repeat(1 << 20),
  "a/".repeat(3000) + "x",
  `key=${"y".repeat(1 << 20)}`,
  `size__in=${"1,".repeat(40_000)}1`,
];

/** All of them, each to be tried in each place. */
export const hostileWords: readonly string[] = [...new Set([...oddNames, ...oddWords])];

/** Numbers as no flag expects them. */
export const hostileNumbers: readonly string[] = [
  "-1",
  "0",
  "1",
  "NaN",
  "Infinity",
  "1e9",
  "1e-9",
  "1.5",
  "0x10",
  "9007199254740991",
  "9007199254740992",
  "99999999999999999999",
  "",
  " ",
  "٣",
  "1_000",
];

const piece = fc.constantFrom(
  ..."a b . .. / // @ : % * ? [ ] { } = == __ , - -- ~ $ ` ' \" ; \\ # ! | & < > ( )".split(" "),
  ..."key size uid artifact null true 0 -1 1e9 gt in regex isnull run csv table".split(" "),
  " ",
  "\n",
  "\r",
  "\t",
  "\0",
  "\x1b[31m",
  "\x9b",
  "\u202e",
  "\u200b",
  "\u0301",
  "\ud83d",
  "🧬",
  "ß",
  "İ",
);

/** A word out of pieces, or of any code units. */
const mixture = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

/**
 * Any of the hostile words or a mixture, but none that leads out of the folder of the test: tests
 * may run with the powers of root.
 */
export const hostileWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileWords) },
  { weight: 2, arbitrary: mixture.filter(staysInside) },
);

function staysInside(word: string): boolean {
  return !/(^|=)[/~]/.test(word) && word.split("..").length <= 3;
}
