// The words of a Dockerfile's instructions: flags, quotes, variables, and the two forms of a command.

/** Why a build ends; docker exits with status 1. */
export class BuildFailure extends Error {}

/** Words as a shell would split them, without its quotes. */
export function splitWords(text: string): readonly string[] {
  const found = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? []
  return found.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double, single, escaped) =>
      unquote(double, single, escaped),
    ),
  )
}

function unquote(
  double: string | undefined,
  single: string | undefined,
  escaped: string | undefined,
): string {
  if (double !== undefined) return double.replace(/\\(.)/gs, '$1')
  return single ?? escaped ?? ''
}

/** `["a","b"]` as it stands, anything else as the shell's command. */
export function readForm(text: string): readonly string[] {
  const trimmed = text.trim()
  if (trimmed.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(trimmed)
      if (Array.isArray(parsed) && parsed.every((word) => typeof word === 'string')) return parsed
    } catch {
      // Then docker takes it as a command for the shell.
    }
  }
  return ['/bin/sh', '-c', trimmed]
}

export function takeFlags(text: string): {
  readonly flags: ReadonlyMap<string, string>
  readonly rest: string
} {
  const flags = new Map<string, string>()
  let rest = text.trim()
  for (;;) {
    const found = /^--([a-z-]+)(?:=(\S*))?\s+/.exec(rest)
    if (found === null) return { flags, rest }
    flags.set(found[1] ?? '', found[2] ?? '')
    rest = rest.slice(found[0].length)
  }
}

/** `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}`. */
export function expand(text: string, args: ReadonlyMap<string, string>, env: readonly string[]): string {
  const value = (name: string): string | undefined =>
    env.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? args.get(name)
  return text.replace(
    /\\\$|\$\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}|\$([A-Za-z_]\w*)/g,
    (whole, braced?: string, sign?: string, word?: string, plain?: string) => {
      const name = braced ?? plain
      if (name === undefined) return whole
      const found = value(name)
      if (sign === '-') return found || (word ?? '')
      if (sign === '+') return found ? (word ?? '') : ''
      return found ?? ''
    },
  )
}
