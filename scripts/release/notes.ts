// Prints the notes of a version from CHANGELOG.md: `node scripts/release/notes.ts VERSION`.
import { readFileSync } from 'node:fs'
import { readChangelogSection } from './changelog.ts'

const version = process.argv[2] ?? ''
const notes = readChangelogSection(readFileSync('CHANGELOG.md', 'utf8'), version)
if (notes === null) {
  console.error(`notes: CHANGELOG.md says nothing under \`## ${version}\``)
  process.exitCode = 1
} else {
  console.log(notes)
}
