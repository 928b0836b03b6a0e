import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readChangelogSection } from '../../scripts/release/changelog.ts'
import { planRelease, type ReleaseFacts } from '../../scripts/release/plan.ts'
import { rewriteReferences } from '../../scripts/release/references.ts'
import { compareVersions, parseReleaseTag, parseVersion } from '../../scripts/release/version.ts'

const WORKFLOW = 'jobs:\n  a:\n    steps:\n      - uses: dcf/aws-lambda-deploy/undeploy@v1 # own\n'

const FACTS: ReleaseFacts = {
  version: '1.4.0',
  packageVersion: '1.4.0',
  tags: ['v1', 'v1.3', 'v1.3.2', 'nightly'],
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.4.0 - 2026-11-28\n\n- New.\n\n## 1.3.2\n\n- Old.\n',
  workflows: [{ path: '.github/workflows/undeploy.yml', text: WORKFLOW }],
}

function readProblems(change: Partial<ReleaseFacts>): readonly string[] {
  const planned = planRelease({ ...FACTS, ...change })
  return planned.ok ? [] : planned.problems
}

function readMovingTags(version: string, tags: readonly string[]): readonly string[] | null {
  const changelog = `## ${version}\n\n- It.\n`
  const planned = planRelease({ ...FACTS, version, packageVersion: version, changelog, tags })
  return planned.ok ? planned.plan.movingTags : null
}

describe('planRelease', () => {
  test('plans tags, rewritten files and notes', () => {
    expect(planRelease(FACTS)).toEqual({
      ok: true,
      plan: {
        tag: 'v1.4.0',
        movingTags: ['v1', 'v1.4'],
        files: [
          {
            path: '.github/workflows/undeploy.yml',
            text: 'jobs:\n  a:\n    steps:\n      - uses: dcf/aws-lambda-deploy/undeploy@v1.4.0 # own\n',
          },
        ],
        notes: '- New.',
      },
    })
  })

  test.each(['1.4', 'v1.4.0', '1.4.0-rc.1', '01.4.0', '1.4.0\n', ''])(
    'refuses %j as a version',
    (version) => {
      expect(readProblems({ version })).toHaveLength(1)
    },
  )

  test('refuses to reuse a tag', () => {
    expect(readProblems({ tags: ['v1.4.0'] })).toEqual([
      'tag `v1.4.0` exists, and a published tag is never reused; release a higher version',
    ])
  })

  test('reports every problem at once', () => {
    const workflows = [{ path: 'w.yml', text: 'jobs: {}\n' }]
    const problems = readProblems({ packageVersion: '1.3.2', tags: ['v1.4.1'], changelog: '', workflows })
    expect(problems).toEqual([
      'package.json says `1.3.2`; set its version to `1.4.0`',
      '`v1.4.0` is older than `v1.4.1`; release a higher version',
      'CHANGELOG.md says nothing under `## 1.4.0`; write the section',
      'w.yml names no action of this repository; it should use `dcf/aws-lambda-deploy...@vX`',
    ])
  })

  test('moves the major tag only for the newest release of that major version', () => {
    expect(readMovingTags('1.3.3', ['v1.3.2', 'v1.4.0'])).toEqual(['v1.3'])
    expect(readMovingTags('1.10.0', ['v1.9.9', 'v2.0.0'])).toEqual(['v1', 'v1.10'])
    expect(readMovingTags('2.0.0', ['v1.9.9'])).toEqual(['v2', 'v2.0'])
    expect(readMovingTags('1.0.0', [])).toEqual(['v1', 'v1.0'])
  })
})

describe('rewriteReferences', () => {
  test('rewrites uses lines of this repository and nothing else', () => {
    const text = [
      '#       uses: dcf/aws-lambda-deploy/.github/workflows/deploy.yml@v1',
      '      - uses: dcf/aws-lambda-deploy@v1',
      '        uses: dcf/aws-lambda-deploy/undeploy@main # note @v1',
      '        uses: dcf/aws-lambda-deploy-fork@v1',
      '        uses: actions/checkout@v1',
    ]
    const rewritten = rewriteReferences(text.join('\n'), 'v2.0.1')
    expect(rewritten).toEqual({
      references: 2,
      text: [
        text[0],
        '      - uses: dcf/aws-lambda-deploy@v2.0.1',
        '        uses: dcf/aws-lambda-deploy/undeploy@v2.0.1 # note @v1',
        text[3],
        text[4],
      ].join('\n'),
    })
  })

  test.each(['deploy', 'undeploy'])('finds exactly one reference in %s.yml', (name) => {
    const text = readFileSync(`.github/workflows/${name}.yml`, 'utf8')
    const once = rewriteReferences(text, 'v9.8.7')
    expect(once.references).toBe(1)
    expect(rewriteReferences(once.text, 'v9.8.7')).toEqual(once)
  })
})

describe('readChangelogSection', () => {
  test('ends at the next heading of the same level', () => {
    const text = '## 1.0.1\n\n### Fixed\n\n- A.\r\n\n## 1.0.0\n- B.\n'
    expect(readChangelogSection(text, '1.0.1')).toBe('### Fixed\n\n- A.')
    expect(readChangelogSection(text, '1.0.0')).toBe('- B.')
  })

  test.each(['1.0', '1.0.2', '1.0.10', ''])('finds nothing for %j', (version) => {
    expect(readChangelogSection('## 1.0.1\n- A.\n## 1.0.2\n\n## 1.0.3', version)).toBeNull()
  })
})

describe('versions', () => {
  test('compare by number, not by text', () => {
    const tags = ['v1.10.0', 'v1.9.10', 'v1.9.9', 'v2.0.0']
    const sorted = tags.flatMap((tag) => parseReleaseTag(tag) ?? []).sort(compareVersions)
    expect(sorted.map(({ major, minor, patch }) => [major, minor, patch])).toEqual([
      [1, 9, 9],
      [1, 9, 10],
      [1, 10, 0],
      [2, 0, 0],
    ])
  })

  test.each(['v1', 'v1.2', '1.2.3', 'v1.2.3.4'])('%j is no tag of a release', (tag) => {
    expect(parseReleaseTag(tag)).toBeNull()
  })

  test('an absurd number is no version', () => {
    expect(parseVersion('1.2.12345678901234567890')).toBeNull()
  })
})

test('CHANGELOG.md has a section for the version in package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(readChangelogSection(readFileSync('CHANGELOG.md', 'utf8'), version)).not.toBeNull()
})
