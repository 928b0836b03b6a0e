// Compares ignore files and Dockerfiles with Docker's own code. Needs Go; says so loudly where it is missing, and counts
// that as a failure where CI_STRICT=1 promises that it is there.
import { hasGo } from './ask.ts'
import { compareDockerfiles } from './comparefile.ts'
import { compareIgnoreFiles } from './compareignore.ts'

const asked = Number(process.env['DCF_RUNS'] ?? 5000)
const seed = Number(process.env['DCF_SEED'] ?? 1)

if (hasGo()) {
  const ignore = compareIgnoreFiles(asked, seed)
  const file = compareDockerfiles(asked, seed)
  console.log(
    `.dockerignore against moby/patternmatcher: ${ignore.compared} verdicts equal but ${ignore.differences.length}; refused by us alone: ${ignore.stricter}`,
  )
  console.log(
    `Dockerfile against moby/buildkit: ${file.compared} files equal but ${file.differences.length}; refused by BuildKit alone: ${file.laxer.length}`,
  )
  const differences = [...ignore.differences, ...file.differences, ...file.laxer]
  for (const difference of differences.slice(0, 20)) console.log(difference)
  process.exitCode = differences.length === 0 ? 0 : 1
} else {
  console.log("SKIPPED: Go is not installed, so that Docker's own matcher and parser cannot be asked.")
  process.exitCode = process.env['CI_STRICT'] === '1' ? 1 : 0
}
