import assert from "node:assert/strict";
import { failsLater, type HostCase, pattern, sameBytes, text } from "./case.ts";

/** A shell that says when it is ready, and waits for a signal. */
const waiting = 'trap "echo got; exit 5" TERM INT HUP; echo ready; ' +
  "while :; do sleep 0.02; done";

/** Programs that run in the place of this one. */
export const attachedCases: readonly HostCase[] = [
  {
    name: "an attached program has this one's input, and more environment; its code is passed on",
    async run({ shell }) {
      const line = `printf in | "$@" attach sh -c 'cat; echo "[$LAMIN_A]"; echo no >&2; exit 7'`;
      const { code, stdout, stderr } = await shell(line);
      assert.deepEqual([code, stdout, stderr], [7, "in[b c]\n", "no\n- -\n"]);
    },
  },
  {
    name: "what an attached program prints comes whole, and in order",
    async run({ host, at }) {
      const content = pattern(3_000_000);
      host.files.writeFile(at("big"), content);
      const pieces: Uint8Array[] = [];
      const { code } = await host.runAttached("cat", [at("big")], {
        onOutput: (stream, piece) => {
          assert.equal(stream, "stdout");
          pieces.push(piece.slice());
        },
      });
      assert.equal(code, 0);
      sameBytes(new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer()), content);
    },
  },
  {
    name: "an attached program runs in a folder; one that is missing fails as a missing file",
    async run({ host, folder, at }) {
      let said = "";
      const onOutput = (_: string, piece: Uint8Array) => void (said += text(piece));
      await host.runAttached("pwd", ["-P"], { workingDirectory: folder, onOutput });
      assert.equal(said, `${host.files.realPath(folder)}\n`);
      await failsLater("ENOENT", () => host.runAttached("lamin-no-such-program", [], { onOutput }));
      await failsLater(
        "ENOENT",
        () => host.runAttached("sh", [], { workingDirectory: at("none"), onOutput }),
      );
    },
  },
  {
    name: "an attached program may open its output by name",
    async run({ shell }) {
      const { stdout, stderr } = await shell(
        `"$@" attach sh -c 'echo a > /dev/stdout; echo b > /dev/stderr; echo c'`,
      );
      assert.deepEqual([stdout, stderr], ["a\nc\n", "b\n- -\n"]);
    },
  },
  {
    name: "the signal that ended an attached program is told",
    async run({ shell }) {
      const { code, stderr } = await shell(`"$@" attach sh -c 'kill -9 $$'`);
      assert.deepEqual([code, stderr], [128 + 9, "SIGKILL -\n"]);
    },
  },
  {
    name: "signals are passed on to an attached program, which ends by itself",
    async run({ shell }) {
      for (const signal of ["TERM", "INT", "HUP"]) {
        // Shells let what runs in the background ignore some; so it is started from another one.
        const { code, stdout, stderr } = await shell(
          `mkfifo pipe; "$@" attach sh -c '${waiting}' > pipe & program=$!
           exec 3< pipe; read word <&3; kill -${signal} $program
           wait $program; code=$?; cat <&3; rm pipe; exit $code`,
        );
        assert.deepEqual([code, stdout, stderr], [5, "got\n", `- SIG${signal}\n`], signal);
      }
    },
  },
  {
    name: "what an attached program leaves running is not waited for",
    async run({ shell }) {
      const { code, stdout } = await shell(
        `"$@" attach sh -c 'sleep 600 & echo $!; exit 4' > number; code=$?
         kill -0 $(cat number) && echo runs; kill $(cat number); exit $code`,
      );
      assert.deepEqual([code, stdout], [4, "runs\n"]);
    },
  },
  {
    name: "an attached program is told when the reader of its output left",
    programs: ["yes", "head"],
    async run({ shell }) {
      const { stdout, stderr } = await shell(
        `("$@" attach yes; echo $? > code) | head -n 1; cat code`,
      );
      assert.deepEqual([stdout, stderr], [`y\n${128 + 13}\n`, "SIGPIPE -\n"]);
    },
  },
  {
    name: "a failure while output is taken ends the attached program, and is told",
    async run({ host }) {
      await assert.rejects(
        host.runAttached("sh", ["-c", "echo x; exec sleep 600"], {
          onOutput: () => {
            throw new RangeError("no room");
          },
        }),
        RangeError,
      );
    },
  },
];
