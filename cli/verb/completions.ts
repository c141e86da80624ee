import { LaminError } from "../../store/errors.ts";
import { nearest } from "../../core/text/nearest.ts";
import { completedVerbs, type Shell, shells } from "../completion/words.ts";
import { verb } from "../verb.ts";

export default verb({
  description: [
    "Prints a script that makes a shell complete verbs, flags, and the names of what is in the instance:",
    "keys, branches, registries. It looks nothing up before a name is to be completed.",
  ].join("\n"),
  examples: [
    ['eval "$(lamin completions bash)"', "in ~/.bashrc"],
    ['eval "$(lamin completions zsh)"', "in ~/.zshrc, after compinit"],
    ["lamin completions fish > ~/.config/fish/completions/lamin.fish", "for fish"],
  ],
  arguments: {
    brief: `Shell: ${shells.join(", ")}`,
    placeholder: "shell",
    minimum: 1,
    maximum: 1,
    completes: "shell",
  },
  async run(context, _flags, [wanted = ""]) {
    const shell = shells.find((one) => one === wanted);
    if (shell === undefined) {
      const [near] = nearest(wanted, shells);
      throw new LaminError("usage", `there is no script for the shell '${wanted}'`, {
        hint: near === undefined ? `shells: ${shells.join(", ")}` : `did you mean '${near}'?`,
      });
    }
    const script = await scripts[shell]();
    context.output.result({ shell, script }, () => script.trimEnd());
  },
});

const scripts: Readonly<Record<Shell, () => Promise<string>>> = {
  bash: async () => (await import("../completion/bash.ts")).bashScript(await completedVerbs()),
  zsh: async () => (await import("../completion/zsh.ts")).zshScript(await completedVerbs()),
  fish: async () => (await import("../completion/fish.ts")).fishScript(await completedVerbs()),
};
