// Compares our reading of ignore files with Docker's own matcher, path by path.
import { readIgnoreList } from '../../../src/core/source/ignore.ts'
import { askOracle } from './ask.ts'
import { generateCases, type IgnoreCase, listHardCases } from './ignorecases.ts'

interface Answer {
  readonly error?: string
  readonly ignored: readonly boolean[] | null
}

export interface Comparison {
  readonly compared: number
  /** Where we refuse a pattern that Docker happens not to look at closely. */
  readonly stricter: number
  readonly differences: readonly string[]
}

/** Asks the oracle about the cases by hand and `count` more. */
export function compareIgnoreFiles(count: number, seed: number): Comparison {
  const cases = [...listHardCases(), ...generateCases(count, seed)]
  const answers = askOracle<Answer>('dockerignore', cases)
  const differences: string[] = []
  let compared = 0
  let stricter = 0
  cases.forEach((asked, index) => {
    const answer = answers[index]
    const list = readIgnoreList(asked.text)
    if (answer === undefined) {
      differences.push(`no answer for ${JSON.stringify(asked.text)}`)
    } else if (answer.error !== undefined) {
      compared += 1
      if (list.faults.length === 0)
        differences.push(`${JSON.stringify(asked.text)}: Docker says ${answer.error}`)
    } else if (list.faults.length > 0) {
      stricter += 1
      const isGarbage = list.faults.every((fault) => /\\[\p{L}\d/]|\\\s*$|\[/u.test(fault.text))
      if (!isGarbage) differences.push(`${JSON.stringify(asked.text)}: only we refuse it`)
    } else {
      compared += asked.paths.length
      differences.push(...comparePaths(asked, answer.ignored ?? []))
    }
  })
  return { compared, stricter, differences }
}

function comparePaths(asked: IgnoreCase, ignored: readonly boolean[]): string[] {
  const list = readIgnoreList(asked.text)
  return asked.paths.flatMap((path, index) =>
    list.ignores(path) === ignored[index]
      ? []
      : [`${JSON.stringify(asked.text)} on ${JSON.stringify(path)}: Docker says ${ignored[index]}`],
  )
}
