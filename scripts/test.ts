// `npm test`: the main suite, and a loud word on every suite that this command does not run.
import { spawnSync } from 'node:child_process'

const main = spawnSync('vitest', ['run', ...process.argv.slice(2)], { stdio: 'inherit' })

const others = [
  ['test:oracles', 'needs Go'],
  ['lint:workflows', 'needs actionlint and zizmor'],
  ['test:act', 'needs Go, and Docker for its second half'],
  ['test:cfn', 'needs Python'],
  ['test:diagnosis', 'takes some minutes'],
  ['test:permissions', 'takes some minutes'],
  ['test:faults', 'takes some minutes'],
  ['test:conformance', 'needs Python'],
  ['test:containers', 'needs Debian and root, to install its own Docker'],
] as const

for (const [script, why] of others) console.log(`SKIPPED here: npm run ${script} (${why})`)
console.log('`bash .ci/run` installs what they need and runs every one of them.')
process.exitCode = main.status ?? 1
