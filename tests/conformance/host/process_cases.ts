import assert from "node:assert/strict";
import { bytes, failsLater, type HostCase, pattern, sameBytes, text } from "./case.ts";

/** Programs, hashes, randomness, and what the host knows of its process. */
export const processCases: readonly HostCase[] = [
  {
    name: "a program gets words and input as they are, and gives output and exit code",
    async run({ host }) {
      const words = ["a b", "", "$HOME", "'\"", "é\n"];
      const { code, stdout, stderr } = await host.run("sh", [
        "-c",
        'for word; do printf "[%s]" "$word"; done; cat; echo no >&2; exit 7',
        "sh",
        ...words,
      ], { input: bytes("input") });
      assert.equal(code, 7);
      assert.equal(text(stdout), words.map((word) => `[${word}]`).join("") + "input");
      assert.equal(text(stderr), "no\n");
    },
  },
  {
    name: "a program may answer while it reads, or not read at all",
    async run({ host }) {
      const input = pattern(5_000_000);
      const echoed = await host.run("cat", [], { input });
      assert.equal(echoed.code, 0);
      sameBytes(echoed.stdout, input);
      const deaf = await host.run("sh", ["-c", "exec <&-; exit 3"], { input });
      assert.equal(deaf.code, 3);
      const nothing = await host.run("cat", []);
      assert.equal(nothing.stdout.length, 0);
      const empty = await host.run("cat", [], { input: new Uint8Array() });
      assert.equal(empty.code, 0);
    },
  },
  {
    name: "a program runs in a folder, with more environment",
    async run({ host, folder }) {
      const { stdout } = await host.run("sh", ["-c", 'pwd -P; echo "$LAMIN_A:${PATH:+kept}"'], {
        workingDirectory: folder,
        environment: { LAMIN_A: "b c" },
      });
      assert.equal(text(stdout), `${host.files.realPath(folder)}\nb c:kept\n`);
    },
  },
  {
    name: "a program that is missing, or whose folder is, fails as a missing file",
    async run({ host, at }) {
      await failsLater("ENOENT", () => host.run("lamin-no-such-program", []));
      await failsLater(
        "ENOENT",
        () => host.run("lamin-no-such-program", [], { input: bytes("x") }),
      );
      await failsLater("ENOENT", () => host.run("sh", [], { workingDirectory: at("none") }));
      host.files.writeFile(at("plain"), bytes("text"), { mode: 0o644 });
      await failsLater("EACCES", () => host.run(at("plain"), []));
    },
  },
  {
    name: "a program killed by a signal ends as a shell tells it",
    async run({ host }) {
      assert.equal((await host.run("sh", ["-c", "kill -9 $$"])).code, 128 + 9);
      assert.equal((await host.run("sh", ["-c", "kill -15 $$"])).code, 128 + 15);
    },
  },
  {
    name: "hashes of known texts",
    async run({ host }) {
      const hashing = await host.hashing();
      const vectors = [
        ["sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        ["sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
        ["md5", "", "d41d8cd98f00b204e9800998ecf8427e"],
        ["md5", "abc", "900150983cd24fb0d6963f7d28e17f72"],
        ["sha1", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
        ["sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
      ] as const;
      for (const [algorithm, content, expected] of vectors) {
        const hasher = hashing.create(algorithm);
        for (const byte of bytes(content)) hasher.update(Uint8Array.of(byte));
        const digest = hasher.digest();
        assert.equal(Object.getPrototypeOf(digest), Uint8Array.prototype);
        const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
        assert.equal(hex, expected, `${algorithm} of '${content}'`);
      }
    },
  },
  {
    name: "a million letters in uneven pieces, two hashes at a time",
    async run({ host }) {
      const hashing = await host.hashing();
      const sha256 = hashing.create("sha256");
      const md5 = hashing.create("md5");
      const letters = new Uint8Array(1_000_000).fill(97);
      for (let start = 0, size = 1; start < letters.length; start += size, size = size * 3 + 1) {
        const piece = letters.slice(start, start + size);
        sha256.update(piece);
        md5.update(piece);
        piece.fill(0); // a hasher must not keep the caller's buffer
      }
      const hex = (digest: Uint8Array) =>
        Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      assert.equal(
        hex(sha256.digest()),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      );
      assert.equal(hex(md5.digest()), "7707d6ae4e027c70eea2a935c2296f21");
    },
  },
  {
    name: "randomness of any length, never twice the same",
    run({ host }) {
      assert.equal(host.randomBytes(0).length, 0);
      const seen = new Set(Array.from({ length: 1000 }, () => host.randomBytes(8).join()));
      assert.equal(seen.size, 1000);
      const long = host.randomBytes(200_000);
      assert.equal(long.length, 200_000);
      for (let start = 0; start < long.length; start += 20_000) {
        assert.equal(new Set(long.subarray(start, start + 20_000)).size, 256);
      }
    },
  },
  {
    name: "what the host knows of its process",
    async run({ host }) {
      assert.ok(["deno", "node", "bun"].includes(host.engine));
      assert.ok(host.workingDirectory().startsWith("/"));
      assert.ok(host.homeDirectory().startsWith("/"));
      assert.equal(host.hostName(), text((await host.run("uname", ["-n"])).stdout).trim());
      assert.ok(Number.isSafeInteger(host.processId()) && host.processId() > 0);
      assert.ok(Math.abs(host.now().getTime() - Date.now()) < 1000);
      assert.ok(host.memoryBytes() > 1_000_000);
      host.tidyMemory();
    },
  },
];
