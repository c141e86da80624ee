import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { sshCommand } from "../../../../core/sync/wire/transport/ssh_command.ts";

const none = () => undefined;

Deno.test("ssh: an address becomes a host and one quoted word", () => {
  deepEqual(sshCommand("ssh://anna@lab.example.org:2222/data/it's%20here", none), {
    program: "ssh",
    args: [
      ...["-T", "-p", "2222", "--", "anna@lab.example.org"],
      `'lamin' serve --stdio '/data/it'\\''s here'`,
    ],
  });
  equal(sshCommand("ssh://lab/~/atlas", none).args.at(-1), "'lamin' serve --stdio './atlas'");
  equal(sshCommand("ssh://lab/~/-x", none).args.at(-1), "'lamin' serve --stdio './-x'");
  equal(sshCommand("ssh://[::1]/x", none).args.at(-2), "::1");
  const environment: Record<string, string> = {
    LAMIN_SSH: "ssh -i key  -F file",
    LAMIN_SSH_LAMIN: "/usr/local/my lamin",
  };
  const command = sshCommand("ssh://lab/x", (name) => environment[name]);
  deepEqual(command.args.slice(0, 4), ["-i", "key", "-F", "file"]);
  equal(command.args.at(-1), "'/usr/local/my lamin' serve --stdio '/x'");
});

Deno.test("ssh: nothing in an address becomes an option or another command", () => {
  const hostile = [
    "ssh://-oProxyCommand=touch%20x/atlas",
    "ssh://%2doProxyCommand=x/atlas",
    "ssh://-l@lab/atlas",
    "ssh://%2dl@lab/atlas",
    "ssh://lab%20-x/atlas",
    "ssh://lab;touch/atlas",
    "ssh://anna:secret@lab/atlas",
    "ssh://lab",
    "ssh://lab/",
    "ssh://lab/a%0ab",
    "ssh://lab/a%00b",
    "ssh://lab/%ff",
    "ssh://lab/x?y",
    "ssh:///x",
  ];
  for (const url of hostile) throws(() => sshCommand(url, none), /none that ssh can be told/, url);
  throws(() => sshCommand("ssh://lab/x", () => "-x"), /names no program/);
});

Deno.test("ssh: whatever the path is, a shell takes it for one word", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 30 }), (name) => {
      // deno-lint-ignore no-control-regex
      if (/[\x00-\x1f\x7f]/.test(name) || /^[./]*$/.test(name)) return;
      let url: string;
      try {
        url = `ssh://lab/${encodeURIComponent(name)}`;
      } catch {
        return; // half of a character
      }
      const word = sshCommand(url, none).args.at(-1)!;
      const { stdout } = new Deno.Command("sh", {
        args: ["-c", word.replace("'lamin' serve --stdio", "printf %s")],
      }).outputSync();
      equal(new TextDecoder().decode(stdout), `/${name}`);
    }),
    { numRuns: 50 },
  );
});
