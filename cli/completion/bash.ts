import { type CompletedVerb, dashed, kindWord, quote, valueCase } from "./words.ts";

/** The script for bash, 3.2 and later. */
export function bashScript(verbs: readonly CompletedVerb[]): string {
  const all = verbs.flatMap((verb) => verb.names);
  return `${head}
_lamin_verbs=${quote([...all, "help"].join(" "))}

# Sets flags and kind, what a verb takes.
_lamin_verb() {
  case $1 in
${verbs.map(verbCase).join("\n")}
    help) flags= kind=verb ;;
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

function verbCase({ names, flags, completes }: CompletedVerb): string {
  const words = flags.flatMap(dashed).join(" ");
  return `    ${names.join("|")}) flags=${quote(words)} kind=${quote(kindWord(completes))} ;;`;
}

const head = `# Completion of lamin for bash, made by 'lamin completions bash'.
# To use it, put this line into ~/.bashrc:  eval "$(lamin completions bash)"
`;

const tail = `
# Puts words that bash took apart at ':', '=' or '@' together again, into words and word.
_lamin_split() {
  local line=$COMP_LINE piece lead count=0 i
  words=() word=0
  for ((i = 0; i < \${#COMP_WORDS[@]}; i++)); do
    piece=\${COMP_WORDS[i]}
    lead=\${line%%[![:space:]]*}
    line=\${line#"$lead"}
    line=\${line#"$piece"}
    if ((i == 0)) || [[ -n $lead ]]; then
      words[count]=$piece
      count=$((count + 1))
    else
      words[count - 1]+=$piece
    fi
    ((i == COMP_CWORD)) && word=$((count - 1))
  done
}

# The word as it is meant, without the quotes and backslashes of the shell.
_lamin_plain() {
  plain=\${1#[\\"\\']}
  plain=\${plain//\\\\/}
}

# Offers the lines of standard input, less the part that bash took for a word of its own.
_lamin_offer() {
  local line
  while IFS= read -r line; do
    [[ -d $line ]] && line=\${line%/} # bash adds it
    COMPREPLY+=("\${line:cut}")
  done
  compopt -o filenames 2>/dev/null
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
  return 0
}

_lamin_kind() {
  case $kind in
    :*) COMPREPLY=($(compgen -W "\${kind#:}" -- "$current")) ;;
    verb) COMPREPLY=($(compgen -W "$_lamin_verbs" -- "$current")) ;;
    none) ;;
    path) _lamin_offer < <(compgen -f -- "$plain") ;;
    folder) _lamin_offer < <(compgen -d -- "$plain") ;;
    *)
      _lamin_offer < <("\${program[@]}" __complete "$kind" -- "$plain" 2>/dev/null)
      case $kind in
        instance) _lamin_offer < <(compgen -d -- "$plain") ;;
        reference) ((\${#COMPREPLY[@]})) || _lamin_offer < <(compgen -f -- "$plain") ;;
      esac
      ;;
  esac
}

# Sets plain to what is meant, and cut to how much of it comes before what bash takes for the word.
_lamin_measure() {
  local piece=\${COMP_WORDS[COMP_CWORD]}
  _lamin_plain "$piece"
  piece=$plain
  _lamin_plain "$1"
  cut=$((\${#plain} - \${#piece}))
  [[ $piece == [:=@]* ]] && cut=\${#plain}
  ((cut < 0)) && cut=0
  return 0
}

_lamin() {
  local words word current plain cut kind flags verb i=1
  local program=(command lamin)
  COMPREPLY=()
  _lamin_split
  current=\${words[word]}
  if [[ \${words[1]} == -C ]]; then
    _lamin_plain "\${words[2]}"
    program+=(-C "\${plain/#\\~\\//$HOME/}")
    i=3
  fi
  _lamin_measure "$current"
  if ((word < i)); then
    kind=:-C
    ((word == 2)) && kind=instance
    _lamin_kind
  elif ((word == i)); then
    COMPREPLY=($(compgen -W "$_lamin_verbs -C --help --version" -- "$current"))
  else
    verb=\${words[i]}
    _lamin_verb "$verb" || return 0
    if _lamin_value "$verb" "\${words[word - 1]}"; then
      _lamin_kind
    elif [[ $current == --*=* ]] && _lamin_value "$verb" "\${current%%=*}"; then
      current=\${current#*=}
      _lamin_measure "$current"
      _lamin_kind
    elif [[ $current == -* ]]; then
      COMPREPLY=($(compgen -W "$flags" -- "$current"))
    else
      _lamin_kind
    fi
  fi
}

complete -F _lamin lamin
`;
