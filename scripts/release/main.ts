// The door of the release script: `node scripts/release/main.ts check|push VERSION [--remote NAME]`. On stdout it
// prints `tag=` and `commit=` lines, fit for GITHUB_OUTPUT; everything for people goes to stderr.
import { parseArgs } from 'node:util'
import { checkRelease, publishRelease } from './release.ts'

const USAGE = 'usage: node scripts/release/main.ts check|push VERSION [--remote NAME] [--directory DIR]'

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      remote: { type: 'string', default: 'origin' },
      directory: { type: 'string', default: '.' },
    },
  })
  const [command, version, ...rest] = positionals
  if ((command !== 'check' && command !== 'push') || version === undefined || rest.length > 0) {
    console.error(USAGE)
    return 2
  }
  const repository = { directory: values.directory, remote: values.remote }
  const checked = checkRelease(repository, version)
  if (!checked.ok) {
    for (const problem of checked.problems) console.error(`release: ${problem}`)
    return 1
  }
  console.log(`tag=${checked.plan.tag}`)
  console.error(
    `release: ${checked.plan.tag}, moving ${checked.plan.movingTags.join(' and ')}\n\n${checked.plan.notes}`,
  )
  if (command === 'push') console.log(`commit=${publishRelease(repository, checked)}`)
  return 0
}

process.exitCode = main(process.argv.slice(2))
