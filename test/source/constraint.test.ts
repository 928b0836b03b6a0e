import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Constraint, parseConstraint, type Range } from '../../src/core/source/constraint.ts'
import { compareVersions, formatVersion, parseVersion, type Version } from '../../src/core/source/version.ts'
import { relateToWindows } from '../../src/core/source/window.ts'
import table from './fixtures/constraints.json' with { type: 'json' }
import { runs } from './runs.ts'

/** The verdicts were given by Dart's own pub_semver 2.2.0, running on Dart 3.7.3. */
test.each(table)('%j is %s, as pub_semver says', (text = '', verdict = '') => {
  const constraint = parseConstraint(text)
  expect(constraint.kind === 'invalid' ? 'invalid' : relateToWindows(constraint).kind).toBe(verdict)
})

const identifier = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map(String),
  fc.constantFrom('a', 'beta', '0x1', '-', '00'),
)
const suffix = (sign: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.array(identifier, { minLength: 1, maxLength: 2 }).map((parts) => sign + parts.join('.')),
    },
  )
const versionText = fc
  .tuple(
    fc.constantFrom(2, 3, 4),
    fc.constantFrom(9, 10, 11, 12),
    fc.integer({ min: 0, max: 2 }),
    suffix('-'),
    suffix('+'),
  )
  .map(([major, minor, patch, pre, build]) => `${major}.${minor}.${patch}${pre}${build}`)
const part = fc.tuple(fc.constantFrom('', '<', '<=', '>', '>='), fc.constantFrom('', ' ', '  '), versionText)

function mustParse(text: string): Version {
  const version = parseVersion(text)
  if (version === undefined) throw new Error(`${text} is no version`)
  return version
}

function allows(range: Range, version: Version): boolean {
  const low = range.min === undefined ? 1 : compareVersions(version, range.min)
  const high = range.max === undefined ? -1 : compareVersions(version, range.max)
  return (low > 0 || (low === 0 && range.includesMin)) && (high < 0 || (high === 0 && range.includesMax))
}

function holds(constraint: Constraint, version: Version): boolean {
  return constraint.kind === 'range' && allows(constraint.range, version)
}

describe('against the grammar', () => {
  test('a release is allowed exactly if every part allows it', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), versionText, (parts, candidate) => {
        const version = mustParse(candidate)
        fc.pre(version.preRelease.length === 0)
        const constraint = parseConstraint(
          parts.map(([operator, blank, text]) => operator + (operator === '' ? '' : blank) + text).join(' '),
        )
        const expected = parts.every(([operator, , text]) => {
          const order = compareVersions(version, mustParse(text))
          return { '': order === 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
            operator
          ]
        })
        expect(constraint.kind).not.toBe('invalid')
        expect(holds(constraint, version)).toBe(expected)
      }),
      { numRuns: runs(2000) },
    )
  })

  test('the order of versions is total, and formatting keeps the version', () => {
    fc.assert(
      fc.property(versionText, versionText, versionText, (first, second, third) => {
        const [a, b, c] = [mustParse(first), mustParse(second), mustParse(third)]
        expect(compareVersions(a, b)).toBe(-compareVersions(b, a) || 0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
        expect(compareVersions(mustParse(formatVersion(a)), a)).toBe(0)
      }),
      { numRuns: runs(2000) },
    )
  })

  test('any text at all is read or refused, never thrown', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('>', '<', '=', '^', '3', '.', '11', '0', '-', '+', ' ', 'any', '|', '\u0085'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(noise, (text) => {
        expect(['range', 'empty', 'invalid']).toContain(parseConstraint(text).kind)
      }),
      { numRuns: runs(2000) },
    )
  })
})

test('100,000 spaces, 10,000 bars and a pre-release of 300 characters are decided at once', () => {
  expect(parseConstraint(' '.repeat(100_000)).kind).toBe('invalid')
  expect(parseConstraint('^3.0.0 || '.repeat(10_000)).kind).toBe('invalid')
  expect(parseConstraint(`>=3.11.0-${'a'.repeat(300)} <3.12.0`).kind).toBe('range')
})
