import { type CompletedFlag, type CompletedVerb, type Completes, shells } from "./words.ts";

/** The script for fish, 3.0 and later. */
export function fishScript(verbs: readonly CompletedVerb[]): string {
  return [head, ...verbs.flatMap(verbLines), ""].join("\n");
}

function verbLines({ names, summary, flags, completes }: CompletedVerb): string[] {
  const inside = `-n ${quoted(`__lamin_verb_is ${names.join(" ")}`)}`;
  return [
    "",
    ...names.map((name) => `complete -c lamin -n __lamin_no_verb -a ${name} -d ${quoted(summary)}`),
    ...kindOption(completes).map((option) => `complete -c lamin ${inside} ${option}`),
    ...flags.map((flag) => flagLine(flag, inside)),
  ];
}

function flagLine({ name, letters, brief, value }: CompletedFlag, inside: string): string {
  const short = letters.map((letter) => ` -s ${letter}`).join("");
  const takes = value === undefined ? "" : ` -r ${kindOption(value).join(" ")}`;
  return `complete -c lamin ${inside} -l ${name}${short}${takes} -d ${quoted(brief)}`;
}

/** What offers the words of a kind; files only where it says so. */
function kindOption(kind: Completes | readonly string[]): string[] {
  if (typeof kind !== "string") return [`-f -a ${quoted(kind.join(" "))}`];
  switch (kind) {
    case "none":
      return ["-f"];
    case "path":
      return ["-F"];
    case "folder":
      return ["-f -a '(__fish_complete_directories)'"];
    case "instance":
      return ["-f -a '(__lamin_names instance)(__fish_complete_directories)'"];
    case "reference":
      return ["-F -a '(__lamin_names reference)'"];
    case "shell":
      return [`-f -a ${quoted(shells.join(" "))}`];
    default:
      return [`-f -a '(__lamin_names ${kind})'`];
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

const head = `# Completion of lamin for fish, made by 'lamin completions fish'.
# To use it:  lamin completions fish > ~/.config/fish/completions/lamin.fish

# The words after the name of the program and '-C PATH'.
function __lamin_words
    set -l words (commandline -opc)
    set -e words[1]
    if test "$words[1]" = -C
        set -e words[1]
        set -e words[1]
    end
    test (count $words) -gt 0; and printf '%s\\n' $words
end

function __lamin_no_verb
    test (count (__lamin_words)) -eq 0
end

function __lamin_verb_is
    set -l words (__lamin_words)
    test (count $words) -gt 0; and contains -- $words[1] $argv
end

# Names of a kind that lamin knows.
function __lamin_names
    set -l words (commandline -opc)
    set -l instance
    if test (count $words) -gt 2 -a "$words[2]" = -C
        set instance -C $words[3]
    end
    set -l word (string replace -r -- '^--[^=]*=' '' (commandline -ct))
    command lamin $instance __complete $argv[1] -- (string unescape -- $word) 2>/dev/null
end

complete -c lamin -f
complete -c lamin -n __lamin_no_verb -s C -r -a '(__lamin_names instance)' -d 'Instance to use'
complete -c lamin -n __lamin_no_verb -l help -d 'List the verbs'
complete -c lamin -n __lamin_no_verb -l version -d 'Show the version'
complete -c lamin -n __lamin_no_verb -a help -d 'Show what a verb takes'`;
