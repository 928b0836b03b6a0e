// Builds the committed bundles in dist/: tsc to plain modules, then ncc. The same bytes on every machine.
// ncc does not compile the TypeScript itself: it would check the whole program once for each bundle.
import { rmSync, writeFileSync } from 'node:fs'
import { exec } from '@actions/exec'

const bundles = [
  { entry: '.build/src/actions/deploy.js', folder: 'dist/deploy' },
  { entry: '.build/src/actions/undeploy.js', folder: 'dist/undeploy' },
  { entry: '.build/src/cli/main.js', folder: 'dist/cli' },
]

/** The post step is the same bundle, told so: nothing in its environment would tell it for certain. */
const post = "process.argv.push('post')\nawait import('./index.js')\n"

rmSync('.build', { recursive: true, force: true })
const compiled = await exec('tsc', ['-p', 'tsconfig.build.json'], { ignoreReturnCode: true })
if (compiled !== 0 && !process.argv.includes('--despite-errors'))
  throw new Error('The sources do not compile.')
for (const { entry, folder } of bundles) {
  rmSync(folder, { recursive: true, force: true })
  await exec('ncc', [
    'build',
    entry,
    '--out',
    folder,
    '--minify',
    '--no-cache',
    '--license',
    'licenses.txt',
    '--quiet',
  ])
}
writeFileSync('dist/deploy/post.js', post)
