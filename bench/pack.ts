// Measures packaging against Info-ZIP in the same run, and `plan` against an empty Node process.
// Prints ratios; bench/README.md holds the last ones that were taken down.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TreePlan, trees } from './packtrees.ts'

const here = dirname(fileURLToPath(import.meta.url))
const cli = join(here, '..', 'dist', 'cli', 'index.js')
const rounds = Number(process.env['DCF_ROUNDS'] ?? 5)

interface Cost {
  readonly seconds: number
  readonly bytes: number
  readonly peakBytes: number
}

function main(): void {
  if (!existsSync(cli)) {
    console.log('SKIPPED: dist/cli/index.js is not built (npm run build).')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-pack-'))
  try {
    const hasZip = spawnSync('zip', ['-v']).status === 0
    if (!hasZip)
      console.log(
        'SKIPPED: Info-ZIP is not installed (apt-get install zip), so there is nothing to compare with.',
      )
    console.log(`Node ${process.version}, median of ${rounds} rounds`)
    console.log('| tree | wall time, ours | zip -r -q | ratio | peak memory | size, ours | zip | ratio |')
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
    for (const tree of trees) if (hasZip) console.log(compare(tree, folder))
    comparePlan(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compare(tree: TreePlan, folder: string): string {
  const directory = join(folder, 'tree')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  tree.build(directory)
  const pairs = Array.from({ length: rounds }, () => ({
    ours: runOurs(directory, folder),
    zip: runZip(directory, folder),
  }))
  const ours = median(pairs.map((pair) => pair.ours.seconds))
  const zip = median(pairs.map((pair) => pair.zip.seconds))
  const ratio = median(pairs.map((pair) => pair.ours.seconds / pair.zip.seconds))
  const [first] = pairs
  const [bytes, zipBytes] = [first?.ours.bytes ?? 0, first?.zip.bytes ?? 0]
  const peak = Math.max(...pairs.map((pair) => pair.ours.peakBytes)) / 1e6
  return `| ${tree.name} | ${ours.toFixed(2)} s | ${zip.toFixed(2)} s | ${ratio.toFixed(2)} | ${peak.toFixed(0)} MB | ${bytes} | ${zipBytes} | ${(bytes / zipBytes).toFixed(4)} |`
}

/** The bundle as it is shipped; a line of ours at its end notes the peak of its memory. */
function runOurs(directory: string, folder: string): Cost {
  const [out, note] = [join(folder, 'ours.zip'), join(folder, 'peak.txt')]
  const program = `import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)))`
  const { seconds } = time([
    process.execPath,
    '--import',
    `data:text/javascript,${encodeURIComponent(program)}`,
    cli,
    'pack',
    '--working-directory',
    directory,
    '--out',
    out,
  ])
  const bytes = statSync(out).size
  rmSync(out)
  return { seconds, bytes, peakBytes: Number(readFileSync(note, 'utf8')) * 1024 }
}

function runZip(directory: string, folder: string): Cost {
  const out = join(folder, 'theirs.zip')
  rmSync(out, { force: true })
  const { seconds } = time(['zip', '-r', '-q', out, '.'], directory)
  return { seconds, bytes: statSync(out).size, peakBytes: 0 }
}

function comparePlan(folder: string): void {
  const directory = join(folder, 'tree')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  trees[0]?.build(directory)
  const times = Array.from({ length: 15 }, () => ({
    plan: time([process.execPath, cli, 'plan', '--json', '--working-directory', directory]).seconds,
    empty: time([process.execPath, '-e', '']).seconds,
  }))
  const plan = median(times.map((pair) => pair.plan)) * 1000
  const empty = median(times.map((pair) => pair.empty)) * 1000
  console.log(
    `plan of 100 files: ${plan.toFixed(0)} ms, empty Node: ${empty.toFixed(0)} ms, beyond it: ${(plan - empty).toFixed(0)} ms`,
  )
}

function time(
  command: readonly string[],
  cwd?: string,
): { readonly seconds: number; readonly stdout: string } {
  const [program = '', ...rest] = command
  const start = process.hrtime.bigint()
  const run = spawnSync(program, rest, { encoding: 'utf8', ...(cwd === undefined ? {} : { cwd }) })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (run.status !== 0) throw new Error(`${command.join(' ')} failed: ${run.stderr}${run.stdout}`)
  return { seconds, stdout: run.stdout }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

main()
