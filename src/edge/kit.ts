// The files that travel with the bundles: the buildspecs and the action files.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kitFiles } from './kitfiles.ts'

/**
 * Bundles (`dist/deploy/index.js`) and sources (`src/edge/kit.ts`) both lie two folders below the root. Spelled out
 * without `new URL(path, import.meta.url)`, which the bundler takes for a file to copy.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Text of the standard buildspec. */
export function readBuildspec(): string {
  return readKitFile('buildspecs/buildspec.lambda-container.yml')
}

/** Text of the buildspec of the doctor's probe. */
export function readDoctorBuildspec(): string {
  return readKitFile('buildspecs/buildspec.doctor.yml')
}

/** A file of the kit by its path from the root of the repository: out of the bundle, or in the sources from disk. */
export function readKitFile(path: string): string {
  return kitFiles[path] ?? readFileSync(kitPath(path), 'utf8')
}

/** The absolute path of a file of the kit. */
export function kitPath(path: string): string {
  return resolve(root, path)
}
