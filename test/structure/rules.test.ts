// Rules that the linter cannot say: one way to print, no way out but the end, no module mocks, no word of machines.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && !file.startsWith('dist/') && existsSync(file))
const sources = files.filter((file) => file.startsWith('src/') && file.endsWith('.ts'))

function holding(pattern: RegExp, among: readonly string[]): readonly string[] {
  return among.filter((file) =>
    pattern.test(readFileSync(file, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')),
  )
}

test('only the printers touch the standard streams', () => {
  expect(
    holding(
      /process\.std(?:out|err)|\bconsole\.(?:log|error|warn|info|debug)\(/,
      sources.filter((file) => !file.startsWith('src/sandbox/')),
    ).toSorted(),
  ).toEqual(['src/cli/main.ts', 'src/edge/github/annotate.ts', 'src/edge/github/printer.ts'])
})

test('nothing that runs in a bundle loads the whole toolkit', () => {
  expect(holding(/from '@actions\/core'/, sources)).toEqual([])
})

test('the process ends by itself', () => {
  expect(holding(/process\.exit\(/, sources)).toEqual([])
})

test('nothing is evaluated', () => {
  expect(holding(/\beval\(|new Function\(|\$response/, sources)).toEqual([])
})

test('no module is mocked, and no test is skipped, left over or meant for later', () => {
  const tests = files.filter(
    (file) => file.startsWith('test/') && file.endsWith('.ts') && file !== 'test/structure/rules.test.ts',
  )
  expect(holding(/vi\.(?:mock|doMock|hoisted)\(/, tests)).toEqual([])
  expect(holding(/\b(?:it|test|describe)\.(?:only|todo|skip)\(/, tests)).toEqual([])
})

test('no type check is switched off', () => {
  const ignored = sources.filter((file) =>
    /@ts-(?:ignore|expect-error|nocheck)/.test(readFileSync(file, 'utf8')),
  )
  expect(ignored).toEqual([])
})

test('no type is given up', () => {
  expect(holding(/: any\b|\bas any\b|<any>/, sources)).toEqual([])
})

test('the lock file names no registry, and production packages run no install script', () => {
  const lock: { packages: Record<string, { resolved?: string; hasInstallScript?: boolean; dev?: boolean }> } =
    JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const packages = Object.values(lock.packages)
  expect(packages.filter((one) => one.resolved !== undefined)).toEqual([])
  expect(packages.filter((one) => one.hasInstallScript && !one.dev)).toEqual([])
  expect(packages.filter((one) => !one.dev).length).toBeLessThanOrEqual(70)
})
