import { type CompletedVerb, dashed, kindWord, quote, valueCase } from "./words.ts";

/** The script for zsh, 5.0 and later: for a file `_lamin` in `$fpath`, or to be evaluated. */
export function zshScript(verbs: readonly CompletedVerb[]): string {
  const described = verbs.flatMap(({ names, summary }) =>
    names.map((name) => describedWord(name, summary))
  );
  return `${head}
_lamin_verbs() {
  local -a verbs=(
${described.map((word) => `    ${word}`).join("\n")}
    'help:Show what a verb takes'
  )
  _describe verb verbs
}

# Sets flags and kind, what a verb takes.
_lamin_verb() {
  case $1 in
${verbs.map(verbCase).join("\n")}
    help) flags=() kind=verb ;;
    *) return 1 ;;
  esac
}

# Sets kind, what a flag takes; fails for a switch.
_lamin_value() {
  case $1:$2 in
${verbs.flatMap((verb) => verb.flags.flatMap((flag) => valueCase(verb, flag))).join("\n")}
    *) return 1 ;;
  esac
}
${tail}`;
}

/** A word with its description, as `_describe` takes them. */
function describedWord(word: string, text: string): string {
  return quote(`${word}:${text.replaceAll("\\", "\\\\").replaceAll(":", "\\:")}`);
}

function verbCase({ names, flags, completes }: CompletedVerb): string {
  const words = flags.flatMap((flag) =>
    dashed(flag).map((word) => describedWord(word, flag.brief))
  );
  const kind = quote(kindWord(completes));
  return `    ${names.join("|")}) kind=${kind} flags=(\n      ${words.join("\n      ")}\n    ) ;;`;
}

const head = `#compdef lamin
# Completion of lamin for zsh, made by 'lamin completions zsh'.
# To use it, put this line into ~/.zshrc after compinit:  eval "$(lamin completions zsh)"
`;

const tail = `
# Offers names that lamin knows; a folder is no end of a word.
_lamin_names() {
  local -a found=("\${(@f)$($program __complete $kind -- "\${(Q)PREFIX}" 2>/dev/null)}")
  local -a names=("\${(@)\${(@)found:#*/}:#}") folders=("\${(@M)found:#*/}")
  local -i done=1
  (( $#names )) && compadd -a names && done=0
  (( $#folders )) && compadd -S '' -a folders && done=0
  return done
}

_lamin_kind() {
  case $kind in
    :*) compadd -- \${=kind#:} ;;
    verb) _lamin_verbs ;;
    none) _message 'your own words' ;;
    path) _files ;;
    folder) _files -/ ;;
    instance) _lamin_names; _files -/ ;;
    reference) _lamin_names || _files ;;
    *) _lamin_names ;;
  esac
}

_lamin() {
  local -a flags program=(command lamin)
  local kind
  integer i=2
  if [[ $words[2] == -C ]]; then
    program+=(-C "\${(Q)words[3]/#\\~\\//$HOME/}")
    i=4
  fi
  if (( CURRENT == 3 && i == 4 )); then
    kind=instance
    _lamin_kind
  elif (( CURRENT <= i )); then
    _lamin_verbs
    compadd -- -C --help --version
  else
    _lamin_verb $words[i] || return 1
    if _lamin_value $words[i] $words[CURRENT-1]; then
      _lamin_kind
    elif [[ $PREFIX == --*=* ]] && _lamin_value $words[i] \${PREFIX%%=*}; then
      compset -P '*='
      _lamin_kind
    elif [[ $PREFIX == -* ]]; then
      _describe -o flag flags
    else
      _lamin_kind
    fi
  fi
}

if [[ $funcstack[1] == _lamin ]]; then _lamin "$@"; else compdef _lamin lamin; fi
`;
