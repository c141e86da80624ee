import assert from "node:assert/strict";
import {
  LogRedactor,
  redacted,
  redactSource,
  redactValue,
  redactWords,
} from "../../../core/run/redact.ts";

/** Made up, each in the shape of a secret; joined, so that no scanner takes them for real. */
const github = "ghp_" + "a1B2c3D4e5".repeat(4);
const amazon = "AKIA" + "ABCDEFGH12345678";
const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJl"].join(".");
const key = `-----BEGIN RSA PRIVATE KEY-----\n${"MIIabc\n".repeat(3)}-----END RSA PRIVATE KEY-----`;

Deno.test("redact: what code assigns to the name of a secret, in many languages", () => {
  const cases = [
    ['api_key = "S3CRET"', `api_key = "${redacted}"`],
    ["self.dbPassword = 'S3CRET'", `self.dbPassword = '${redacted}'`],
    ['os.environ["OPENAI_API_KEY"] = "S3CRET"', `os.environ["OPENAI_API_KEY"] = "${redacted}"`],
    ['{"client_secret": "S3CRET"}', `{"client_secret": "${redacted}"}`],
    ["token := `S3CRET`", `token := \`${redacted}\``],
    ['api_token <- "S3CRET"', `api_token <- "${redacted}"`],
    ["password => 'S3CRET'", `password => '${redacted}'`],
    ['token: str = "S3CRET"', `token: str = "${redacted}"`],
    ['token: str | None = "S3CRET"', `token: str | None = "${redacted}"`],
    ['config["password"] = r"S3CRET"', `config["password"] = r"${redacted}"`],
    ['secret = """S3\nCRET"""', `secret = """${redacted}"""`],
    ['db = "postgresql://ann:S3CRET@host/db"', `db = "${redacted}"`],
    ["export API_KEY=S3CRET", `export API_KEY=${redacted}`],
    ["PGPASSWORD=S3CRET psql", `PGPASSWORD=${redacted} psql`],
    ["tool --token S3CRET --x 1", `tool --token ${redacted} --x 1`],
    ["curl https://ann:S3CRET@host/x", `curl https://ann:${redacted}@host/x`],
    ["curl 'https://host/x?sig=S3CRET&y=1'", `curl 'https://host/x?sig=${redacted}&y=1'`],
    ['-H "Authorization: Bearer S3CRET12"', `-H "Authorization: Bearer ${redacted}"`],
    [`x = "${github}"`, `x = "${redacted}"`],
    [`print("${amazon}")`, `print("${redacted}")`],
    [`jwt("${jwt}")`, `jwt("${redacted}")`],
    [`k('''${key}''')`, `k('''${redacted}''')`],
  ] as const;
  for (const [source, expected] of cases) {
    assert.equal(redactSource(source), expected);
    assert.equal(redactSource(expected), expected, "twice is as once");
  }
});

Deno.test("redact: what only refers to a secret, or is none, stays as it was written", () => {
  const kept = [
    'api_key = os.getenv("OPENAI_API_KEY")',
    'api_key = os.environ["OPENAI_API_KEY"]',
    "def f(api_key: str, token=token): pass",
    'password="$DB_PASSWORD"',
    "export API_KEY=$OTHER",
    "export API_KEY=${OTHER:-}",
    'tool --token "$TOKEN" --token $TOKEN',
    'tokenizer = "bert"',
    'max_tokens = "12"',
    'password = ""',
    "curl https://host:8080/a@b",
    "pubkey = ssh-rsa AAAA",
    'msg = "hello"\ntoken = None',
    "",
  ];
  for (const source of kept) assert.equal(redactSource(source), source);
});

Deno.test("redact: words of a command", () => {
  const shown = (...words: string[]) => redactWords(words).join(" ");
  assert.equal(shown("tool", "--token", "S3CRET", "x"), `tool --token ${redacted} x`);
  assert.equal(shown("tool", "--api-key=S3CRET"), `tool --api-key=${redacted}`);
  assert.equal(shown("env", "DB_PASSWORD=S3CRET", "run"), `env DB_PASSWORD=${redacted} run`);
  assert.equal(shown("curl", "-u", "ann:S3CRET", "u"), `curl -u ann:${redacted} u`);
  assert.equal(shown("docker", "-u", "1000:1000"), "docker -u 1000:1000");
  assert.equal(shown("curl", "-H", "X-Api-Key: S3CRET"), `curl -H X-Api-Key: ${redacted}`);
  assert.equal(shown("python", "-c", 'password="S3CRET"'), `python -c password=${redacted}`);
  assert.equal(shown("sh", "-c", "t --token S3CRET; u"), `sh -c t --token ${redacted}; u`);
  assert.equal(shown("s3", "ls", `x${github}`.slice(1)), `s3 ls ${redacted}`);
  const plain = ["sort", "--key", "2", "--pass", "2", "--token", "--max-tokens", "100", "a=b"];
  assert.deepEqual(redactWords(plain), plain);
});

Deno.test("redact: parameters at any depth", () => {
  assert.deepEqual(
    redactValue("params", {
      lr: 0.1,
      api_key: "S3CRET",
      deep: [{ dbPassword: ["S3CRET"], url: "postgresql://ann:S3CRET@host/db" }],
      none: null,
      yes: true,
    }),
    {
      lr: 0.1,
      api_key: redacted,
      deep: [{ dbPassword: redacted, url: `postgresql://ann:${redacted}@host/db` }],
      none: null,
      yes: true,
    },
  );
  assert.equal(redactValue("token", "S3CRET"), redacted);
});

/** A log that comes in pieces of some size. */
function passed(log: Uint8Array, size: number, literals: string[] = []): Uint8Array {
  const redactor = new LogRedactor(literals);
  const result = new Uint8Array(2 * log.length + 100);
  let length = 0;
  const take = (piece: Uint8Array) => {
    result.set(piece, length);
    length += piece.length;
  };
  for (let start = 0; start < log.length; start += size) {
    take(redactor.feed(log.subarray(start, start + size)));
  }
  take(redactor.end());
  return result.subarray(0, length);
}

Deno.test("redact: a log is cleaned however it is cut, and is else the same bytes", () => {
  const lines = [
    `loading token=S3CRET99 from ${github}`,
    "epoch 1 loss: 0.123456789 max_tokens: 100000",
    key,
    "\u001b[32mgrün\u001b[0m Authorization: Bearer S3CRET99",
    "the value MyVery0wn is of the environment\r50%\r100%",
    "no line end at the last S3CRET99 password: S3CRET99",
  ];
  const noise = Uint8Array.from({ length: 256 }, (_, index) => index);
  const log = Uint8Array.from([...noise, 10, ...new TextEncoder().encode(lines.join("\n"))]);
  const clean = [
    `loading token=${redacted} from ${redacted}`,
    lines[1],
    redacted,
    `\u001b[32mgrün\u001b[0m Authorization: Bearer ${redacted}`,
    `the value ${redacted} is of the environment\r50%\r100%`,
    `no line end at the last S3CRET99 password: ${redacted}`,
  ];
  for (const size of [1, 7, 64, 10_000]) {
    const result = passed(log, size, ["MyVery0wn", "no"]);
    assert.deepEqual(result.subarray(0, noise.length), noise);
    assert.equal(new TextDecoder().decode(result.subarray(noise.length + 1)), clean.join("\n"));
  }
});

Deno.test("redact: an endless line passes in bounded pieces, also with a secret in it", () => {
  const log = new TextEncoder().encode("x ".repeat(400_000) + github + " y".repeat(400_000));
  const redactor = new LogRedactor();
  assert.ok(redactor.feed(log).length > 1_000_000);
  const result = new TextDecoder().decode(passed(log, 65_536));
  assert.ok(result.includes(` ${redacted} y`) && !result.includes(github));
});

Deno.test("redact: long data costs no more than its length", () => {
  // Each would take minutes if every place in it were searched to the end.
  const sizes = [
    "a".repeat(2_000_000),
    '"a":"b",'.repeat(200_000),
    "a='".repeat(300_000),
    " ".repeat(1_000_000),
    "://".repeat(300_000),
    "a:".repeat(500_000),
    "--a".repeat(300_000),
    "eyJaaaaaaaa.".repeat(100_000),
    "-----BEGIN PRIVATE KEY-----".repeat(20_000),
    "?token".repeat(100_000),
  ];
  for (const text of sizes) {
    redactSource(text);
    passed(new TextEncoder().encode(text), 1_000_000);
  }
});
