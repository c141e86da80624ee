import assert from "node:assert/strict";
import { verbs } from "../../cli/verbs.ts";
import { command, withInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";

/** A program of this machine, or why a test that needs it is skipped. */
function missing(program: string): string | undefined {
  try {
    return new Deno.Command(program, { args: ["-c", "exit 0"] }).outputSync().success
      ? undefined
      : `${program} does not run`;
  } catch {
    return `there is no ${program}`;
  }
}

const verbNames = Object.entries(verbs).filter(([, entry]) => !entry.hidden)
  .flatMap(([name, entry]) => [name, ...entry.aliases ?? []]);

/** An instance with keys that are hard to complete, and `lamin` on the path of the shell. */
async function withCompletions(
  shell: string,
  work: (
    workspace: Workspace,
    runShell: (script: string, ...args: string[]) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  await withInstance(async (workspace) => {
    const { write, lamin, root, home } = workspace;
    for (
      const key of ["raw/a.csv", "raw/b.csv", "my data/x y.csv", "v@1:2.txt", "$(touch owned)"]
    ) {
      write(key, `${key}\n`);
    }
    await lamin("add", ".");
    // Keys are completed, not files.
    for (const { name } of Deno.readDirSync(root)) {
      if (!name.startsWith(".")) Deno.removeSync(`${root}/${name}`, { recursive: true });
    }
    Deno.mkdirSync(`${home}/bin`);
    Deno.writeTextFileSync(`${home}/bin/lamin`, wrapper(), { mode: 0o755 });
    Deno.writeTextFileSync(`${home}/script`, await lamin("completions", shell));
    await work(workspace, async (script, ...args) => {
      const { stdout, stderr } = await new Deno.Command(shell, {
        args: [...(shell === "zsh" ? ["-f"] : []), "-c", script, "completions-test", ...args],
        cwd: root,
        clearEnv: true,
        // A shell that waits for what never comes is ended.
        signal: AbortSignal.timeout(60_000),
        env: { ...environment(), HOME: home, PATH: `${home}/bin:${Deno.env.get("PATH")}` },
      }).output();
      const decoder = new TextDecoder();
      assert.equal(decoder.decode(stderr), "");
      return decoder.decode(stdout);
    });
    assert.throws(() => Deno.statSync(`${root}/owned`), "no key is run");
  });
}

function wrapper(): string {
  const { program, args } = command();
  return `#!/bin/sh\nexec ${[program, ...args].join(" ")} "$@"\n`;
}

function environment(): Record<string, string> {
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return { DENO_DIR: cache, TERM: "dumb", LANG: "C.UTF-8" };
}

/** Calls bash's function as bash does, with words taken apart as bash takes them. */
const askBash = `source "$HOME/script"
COMP_LINE=$1 COMP_POINT=\${#1} COMP_TYPE=9 COMP_KEY=9
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_lamin
((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"
true`;

test("completions: bash completes verbs, flags and names", missing("bash"), async () => {
  await withCompletions("bash", async (_workspace, runShell) => {
    const complete = async (line: string, ...words: string[]) =>
      (await runShell(askBash, line, ...words)).split("\n").filter(Boolean).sort();
    const simple = (line: string) => complete(line, ...line.split(" "));
    const everything = await simple("lamin ");
    for (const name of verbNames) assert.ok(everything.includes(name), name);
    assert.ok(!everything.includes("__complete"));
    assert.deepEqual(await simple("lamin disc"), ["disconnect"]);
    assert.deepEqual(await simple("lamin diff --st"), ["--stat"]);
    assert.deepEqual(await simple("lamin save --rev"), ["--revises"]);
    assert.deepEqual(await simple("lamin add --as "), ["files", "folder"]);
    assert.deepEqual(await complete("lamin add --as=fo", "lamin", "add", "--as", "=", "fo"), [
      "folder",
    ]);
    assert.deepEqual(await simple("lamin completions z"), ["zsh"]);
    assert.deepEqual(await simple("lamin help dif"), ["diff"]);
    assert.deepEqual(await simple("lamin config get br"), ["branch"]);
    assert.deepEqual(await simple("lamin add --branch m"), ["main"]);
    assert.deepEqual(await simple("lamin list transf"), ["transform", "transform_block"]);
    assert.deepEqual(await simple("lamin diff "), [
      "$(touch owned)",
      "my data/",
      "raw/",
      "v@1:2.txt",
    ]);
    assert.deepEqual(await simple("lamin diff raw/"), ["raw/a.csv", "raw/b.csv"]);
    assert.deepEqual(await complete("lamin diff my\\ data/", "lamin", "diff", "my\\ data/"), [
      "my data/x y.csv",
    ]);
    assert.deepEqual(await complete('lamin diff "my d', "lamin", "diff", '"my d'), ["my data/"]);
    // Bash puts what it completes in place of the part after the last of its word breaks.
    assert.deepEqual(await complete("lamin diff v@1:2", "lamin", "diff", "v", "@", "1", ":", "2"), [
      "2.txt",
    ]);
    assert.deepEqual(await complete("lamin diff v@", "lamin", "diff", "v", "@"), ["1:2.txt"]);
    assert.deepEqual(await simple("lamin -C anonymous/at"), ["anonymous/atlas"]);
    assert.deepEqual(await simple("lamin -C anonymous/atlas diff ra"), ["raw/"]);
    assert.deepEqual(await simple("lamin -C ../nothing diff ra"), []);
    assert.deepEqual(await simple("lamin nothing ra"), []);
  });
});

/** Types a line into a real interactive zsh and shows what it made of it after Tab. */
const askZsh = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2=; stty -echo; unsetopt zle_bracketed_paste 2>/dev/null; autoload -U compinit; compinit -u -D"
zpty -w shell 'source "$HOME/script"; _show() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N _show; bindkey "^X" _show; print "now""ready"'
zpty -r shell output '*nowready*'
for line in "$@"; do
  zpty -w -n shell "$line"$'\\t\\x18'
  zpty -r shell output '*<lamin*>*'
  print -r -- "\${\${output##*<}%%>*}"
done
zpty -d shell`;

test("completions: zsh completes verbs, flags and names", missing("zsh"), async () => {
  await withCompletions("zsh", async (_workspace, runShell) => {
    const cases: Readonly<Record<string, string>> = {
      "lamin disc": "lamin disconnect ",
      "lamin diff --st": "lamin diff --stat ",
      "lamin add --as=fo": "lamin add --as=folder ",
      "lamin completions z": "lamin completions zsh ",
      "lamin help dif": "lamin help diff ",
      "lamin config get br": "lamin config get branch ",
      "lamin add --branch m": "lamin add --branch main ",
      "lamin diff raw/a": "lamin diff raw/a.csv ",
      "lamin diff ra": "lamin diff raw/",
      "lamin diff my\\ d": "lamin diff my\\ data/",
      "lamin diff v@": "lamin diff v@1:2.txt ",
      "lamin -C anonymous/atlas diff raw/b": "lamin -C anonymous/atlas diff raw/b.csv ",
    };
    const shown = (await runShell(askZsh, ...Object.keys(cases))).trimEnd().split("\n");
    assert.deepEqual(shown.map((line) => line.trim()), Object.values(cases).map((s) => s.trim()));
  });
});

const askFish = `source $HOME/script; complete -C"$argv[2]"`;

test("completions: fish completes verbs, flags and names", missing("fish"), async () => {
  await withCompletions("fish", async (_workspace, runShell) => {
    const complete = async (line: string) =>
      (await runShell(askFish, line)).split("\n").filter(Boolean)
        .map((shown) => shown.split("\t")[0]!).sort();
    const everything = await complete("lamin ");
    for (const name of verbNames) assert.ok(everything.includes(name), name);
    assert.ok(!everything.includes("__complete"));
    assert.deepEqual(await complete("lamin disc"), ["disconnect"]);
    assert.deepEqual(await complete("lamin diff --st"), ["--stat"]);
    assert.deepEqual(await complete("lamin add --as "), ["files", "folder"]);
    assert.deepEqual(await complete("lamin completions z"), ["zsh"]);
    assert.deepEqual(await complete("lamin config get br"), ["branch"]);
    assert.deepEqual(await complete("lamin add --branch m"), ["main"]);
    assert.deepEqual(await complete("lamin diff raw/"), ["raw/a.csv", "raw/b.csv"]);
    assert.deepEqual(await complete("lamin diff my"), ["my data/"]);
    assert.deepEqual(await complete("lamin diff v@"), ["v@1:2.txt"]);
    assert.deepEqual(await complete("lamin -C anonymous/at"), ["anonymous/atlas"]);
    assert.deepEqual(await complete("lamin -C anonymous/atlas diff raw/b"), ["raw/b.csv"]);
  });
});

Deno.test("completions: names are looked up quickly, at most fifty, none that cannot be typed", async () => {
  await withInstance(async ({ lamin, run, json, write }) => {
    for (let index = 0; index < 60; index++) write(`many/${index}.txt`, `${index}`);
    write("deep/er/a.txt", "a");
    await lamin("add", ".");
    assert.equal(await lamin("__complete", "reference", ""), "deep/\nmany/\n");
    const many = await lamin("__complete", "reference", "many/");
    assert.equal(many.trim().split("\n").length, 50);
    const below = await run(["__complete", "reference", "a"], { folder: "deep/er" });
    assert.equal(below.stdout, "a.txt\n", "from inside a folder of the work tree");
    assert.deepEqual(await json("__complete", "registry", "art"), [
      { name: "artifact" },
      { name: "artifact_block" },
    ]);
    assert.equal((await run(["__complete", "nothing", ""])).code, 2);
    const shell = await run(["completions", "bsh"]);
    assert.equal(shell.code, 2);
    assert.match(shell.stderr, /did you mean 'bash'/);
  });
});
