// Builds the committed bundles in dist/: tsc to plain modules, then ncc. The same bytes on every machine.
// ncc does not compile the TypeScript itself: it would check the whole program once for each bundle.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exec } from '@actions/exec'

const bundles = [
  { entry: '.build/src/actions/deploy.js', file: 'dist/deploy/index.js' },
  { entry: '.build/src/actions/undeploy.js', file: 'dist/undeploy/index.js' },
  { entry: '.build/src/cli/main.js', file: 'dist/cli/index.js' },
  { entry: '.build/src/cli/full.js', file: 'dist/cli/full.js' },
  { entry: '.build/src/sandbox/standins/entry.js', file: 'dist/cli/stand-in.js' },
]

/** What a bundle reads of the repository goes into it, so that it needs nothing beside it. */
const kit = [
  'action.yml',
  'undeploy/action.yml',
  'buildspecs/buildspec.lambda-container.yml',
  'buildspecs/buildspec.doctor.yml',
]

/** The post step is the same bundle, told so: nothing in its environment would tell it for certain. */
const post = "process.argv.push('post')\nawait import('./index.js')\n"

rmSync('.build', { recursive: true, force: true })
const compiled = await exec('tsc', ['-p', 'tsconfig.build.json'], { ignoreReturnCode: true })
if (compiled !== 0 && !process.argv.includes('--despite-errors'))
  throw new Error('The sources do not compile.')
const texts = Object.fromEntries(kit.map((path) => [path, readFileSync(path, 'utf8')]))
writeFileSync('.build/src/edge/kitfiles.js', `export const kitFiles = ${JSON.stringify(texts)}\n`)
rmSync('dist', { recursive: true, force: true })
for (const { entry, file } of bundles) {
  const out = join('.build', 'bundle')
  rmSync(out, { recursive: true, force: true })
  await exec('ncc', [
    'build',
    entry,
    '--out',
    out,
    '--minify',
    '--no-cache',
    '--license',
    'licenses.txt',
    '--quiet',
  ])
  mkdirSync(dirname(file), { recursive: true })
  for (const name of readdirSync(out)) {
    // ncc writes the bundle as index.js; whatever else it writes keeps its name, but for the licences of each bundle.
    const target =
      name === 'index.js'
        ? basename(file)
        : name === 'licenses.txt'
          ? `${basename(file, '.js')}.licenses.txt`
          : name
    copyFileSync(join(out, name), join(dirname(file), target))
  }
}
writeFileSync('dist/deploy/post.js', post)
