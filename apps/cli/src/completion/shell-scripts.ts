/** Shells that can ask `langevin complete`. */
export const shells = ['bash', 'zsh', 'fish'] as const;
/** A shell that can ask `langevin complete`. */
export type Shell = (typeof shells)[number];

/**
 * What a shell reads to complete `langevin`: it hands the words of the line over and gets candidates, one a line, with a tab before
 * their description; the lines `:file` and `:folder` ask the shell for its own paths. Nothing of the line is ever evaluated.
 */
export const shellScripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of langevin: source <(langevin completion bash)
_langevin() {
  local line=\${COMP_LINE:0:COMP_POINT} breaks=\${COMP_WORDBREAKS//[^:=@]/} current part kept candidate path
  local -a words
  read -r -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]}-1]}
  # Readline replaces only what follows the last of these.
  part=$current
  [[ -n $breaks ]] && part=\${current##*[$breaks]}
  kept=\${current%"$part"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in
      :file) compopt -o filenames 2>/dev/null; while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "$part") ;;
      :folder) compopt -o filenames 2>/dev/null; while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -d -- "$part") ;;
      *) COMPREPLY+=("\${candidate#"$kept"}") ;;
    esac
  done < <(langevin complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _langevin langevin
`,
  zsh: `#compdef langevin
# zsh completion of langevin: langevin completion zsh > "\${fpath[1]}/_langevin"
_langevin() {
  local line value about kind=''
  local -a typed candidates
  typed=("\${(@Q)words[2,CURRENT]}")
  for line in "\${(@f)$(langevin complete -- "\${(@)typed}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :*) kind=$line ;;
      *) value=\${line%%$'\\t'*} about=\${line#*$'\\t'}; candidates+=("\${value//:/\\\\:}\${about:+:$about}") ;;
    esac
  done
  case $kind in
    :file) compset -P '--*='; _files ;;
    :folder) compset -P '--*='; _files -/ ;;
    *) _describe 'langevin' candidates ;;
  esac
}
if [[ \${funcstack[1]} == _langevin ]]; then _langevin "$@"; else compdef _langevin langevin; fi
`,
  fish: `# fish completion of langevin: langevin completion fish > ~/.config/fish/completions/langevin.fish
function __langevin_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (langevin complete -- $words[2..-1] "$current" 2>/dev/null)
    switch $line
      case ':file'
        __fish_complete_path "$current"
      case ':folder'
        __fish_complete_directories "$current"
      case '*'
        echo $line
    end
  end
end
complete -c langevin -e
complete -c langevin -f -a '(__langevin_complete)'
`,
};
