// Packs one folder as the deploy action does, into a file, and says what it cost. Run in a process of its own, under another environment.
import { createWriteStream, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { inspectSource } from '../../src/core/source/inspect.ts'
import { writeArchive } from '../../src/edge/files/archive.ts'
import { openTree } from '../../src/edge/files/walk.ts'

const [directory = '.', out = '/dev/null'] = process.argv.slice(2)
const tree = await openTree(directory)
const report = await inspectSource(tree, { include: [], exclude: [] })
const archive = await writeArchive(report, tree, { limitInMemory: 64 * 1024 * 1024, directory: tmpdir() })
const content = archive.open()
if (Buffer.isBuffer(content)) writeFileSync(out, content)
else await pipeline(content, createWriteStream(out))
await archive.dispose()
const peakBytes = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ ok: report.ok, files: report.files.length, bytes: archive.bytes, peakBytes }))
