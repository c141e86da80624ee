import assert from "node:assert/strict";
import { type HostCase, pattern, sameBytes } from "./case.ts";

/** Sets O_NONBLOCK on a stream that this process shares with the next ones. */
const nonBlocking = (stream: "STDIN" | "STDOUT") =>
  `perl -MFcntl -e 'fcntl(${stream}, F_SETFL, fcntl(${stream}, F_GETFL, 0) | O_NONBLOCK)'`;

/** Runs a program whose output is a non-blocking socket, which is read late. */
const slowSocket = `
  use Socket; use Fcntl;
  socketpair(my $read, my $write, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
  if (fork) {
    close $write;
    select(undef, undef, undef, 0.3);
    print while sysread($read, $_, 65536);
    exit
  }
  close $read;
  fcntl($write, F_SETFL, fcntl($write, F_GETFL, 0) | O_NONBLOCK);
  open(STDOUT, ">&", $write);
  exec @ARGV;
`;

/** Standard streams, arguments and environment of a process of its own: the probe. */
export const streamCases: readonly HostCase[] = [
  {
    name: "standard input passes through byte by byte",
    async run({ host: { files }, at, shell }) {
      for (const size of [0, 1, 3_000_001]) {
        files.writeFile(at("in"), pattern(size));
        assert.equal((await shell('"$@" echo < in > from_file')).stderr, "");
        assert.equal((await shell('cat in | "$@" echo | cat > from_pipe')).stderr, "");
        sameBytes(files.readFile(at("from_file")), pattern(size));
        sameBytes(files.readFile(at("from_pipe")), pattern(size));
      }
    },
  },
  {
    name: "input that comes late is waited for, also from a non-blocking pipe",
    programs: ["perl"],
    async run({ shell }) {
      const late = "{ sleep 0.2; printf one; sleep 0.2; printf two; }";
      assert.equal((await shell(`${late} | "$@" echo`)).stdout, "onetwo");
      const { stdout, stderr } = await shell(`${late} | { ${nonBlocking("STDIN")}; "$@" echo; }`);
      assert.deepEqual({ stdout, stderr }, { stdout: "onetwo", stderr: "" });
    },
  },
  {
    name: "a reader that leaves is told as EPIPE",
    async run({ shell }) {
      const { stdout, stderr } = await shell(
        '{ "$@" fill 10000000; echo "code $?" >&2; } | head -c 5 | wc -c',
      );
      assert.equal(stdout.trim(), "5");
      assert.equal(stderr, "standard output EPIPE\ncode 9\n");
    },
  },
  {
    name: "all that was written arrives, though the process ends at once",
    async run({ shell }) {
      const { stdout } = await shell('"$@" fill 3000001 | { sleep 0.2; cksum; }');
      assert.match(stdout, / 3000001$/m);
    },
  },
  {
    name: "a full non-blocking pipe is waited for",
    programs: ["perl"],
    async run({ shell }) {
      const plain = await shell('"$@" fill 3000001 | cksum');
      const slow = await shell(
        `{ ${nonBlocking("STDOUT")}; "$@" fill 3000001; } | { sleep 0.3; cksum; }`,
      );
      assert.deepEqual(slow, plain);
      assert.match(slow.stdout, / 3000001$/m);
    },
  },
  {
    name: "a full non-blocking socket is waited for",
    programs: ["perl"],
    async run({ host: { files }, at, shell }) {
      files.writeFile(at("socket.pl"), new TextEncoder().encode(slowSocket));
      const plain = await shell('"$@" fill 3000001 | cksum');
      assert.deepEqual(await shell('perl socket.pl "$@" fill 3000001 | cksum'), plain);
    },
  },
  {
    name: "a full non-blocking standard error is waited for",
    programs: ["perl"],
    async run({ shell }) {
      const plain = await shell('"$@" fill 3000001 | cksum');
      const slow = await shell(
        `{ { ${nonBlocking("STDOUT")}; "$@" fill_error 3000001 2>&1; } | { sleep 0.3; cksum; }; }`,
      );
      assert.deepEqual(slow, plain);
    },
  },
  {
    name: "a directory as input fails by name",
    async run({ shell }) {
      const { code, stderr } = await shell('"$@" echo < .');
      assert.deepEqual({ code, stderr }, { code: 9, stderr: "standard input EISDIR\n" });
    },
  },
  {
    name: "pipes and files are no terminal",
    async run({ shell }) {
      const { stdout } = await shell('"$@" terminal < /dev/null 2> /dev/null');
      assert.deepEqual(JSON.parse(stdout), [false, false, false, 80]);
    },
  },
  {
    name: "a terminal is one, with its width",
    programs: ["script", "stty"],
    linuxOnly: true, // elsewhere `script` takes other words
    async run({ shell }) {
      const { stdout } = await shell(
        `printf '#!/bin/sh\\nstty cols 101\\nexec "$@"\\n' > in_terminal; chmod +x in_terminal;` +
          ` script -qec "./in_terminal $* terminal" /dev/null < /dev/null`,
      );
      const [, output, error, columns] = JSON.parse(stdout.slice(stdout.indexOf("["))) as unknown[];
      assert.deepEqual([output, error, columns], [true, true, 101]);
    },
  },
  {
    name: "the command line arrives word by word",
    async run({ shell }) {
      const { stdout } = await shell(`"$@" words -- --help '' 'a b' "é" -C '*'`);
      assert.deepEqual(JSON.parse(stdout), ["words", "--", "--help", "", "a b", "é", "-C", "*"]);
    },
  },
  {
    name: "an empty variable of the environment counts as unset",
    async run({ shell }) {
      const { stdout } = await shell(
        'LAMIN_A="b c" LAMIN_EMPTY= "$@" environment LAMIN_A LAMIN_EMPTY LAMIN_NONE',
      );
      assert.deepEqual(JSON.parse(stdout), ["b c", null, null]);
    },
  },
  {
    name: "home and user come from the environment",
    async run({ shell }) {
      const { stdout } = await shell(
        `HOME=/some/home USER=ada "$@" user; USER= USERNAME= HOME=/b "$@" user`,
      );
      assert.deepEqual(stdout, '["/some/home","ada"]["/b",null]');
    },
  },
  {
    name: "without HOME the home is the one of the system's list of users",
    programs: ["getent"],
    async run({ shell }) {
      const { stdout } = await shell(
        `getent passwd "$(id -u)" | cut -d: -f6; env -u HOME -u USERPROFILE "$@" user`,
      );
      const [listed, told] = stdout.split("\n");
      assert.equal((JSON.parse(told!) as unknown[])[0], listed);
    },
  },
  {
    name: "the exit code is the one given",
    async run({ shell }) {
      assert.equal((await shell('"$@" exit 0')).code, 0);
      assert.equal((await shell('"$@" exit 14')).code, 14);
    },
  },
];
