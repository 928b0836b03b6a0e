// What Dart, pub and Docker print, and the lines of the repository that it means.
import { describe, expect, test } from 'vitest'
import { collectBuildErrors } from '../../src/core/builderrors.ts'

const paths = [
  'Dockerfile',
  'pubspec.yaml',
  'bin/server.dart',
  'lib/greeting.dart',
  'lib/src/router.dart',
  'packages/core/pubspec.yaml',
  'packages/core/lib/core.dart',
  'packages/core/lib/src/deep.dart',
]

function read(lines: readonly string[], packageName: string | undefined = 'hello') {
  const errors = collectBuildErrors({ paths, packageName })
  for (const line of lines) errors.read(line)
  return errors.list().map(({ code, file, line, column, message }) => ({ code, file, line, column, message }))
}

describe('the compiler', () => {
  const wanted = {
    code: 'DCF-DART-ERROR',
    file: 'bin/server.dart',
    line: 12,
    column: 3,
    message: "Undefined name 'foo'.",
  }
  test.each([
    ["bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["#14 3.456 bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["0.512 bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["\u001b[31mbin/server.dart:12:3: Error: Undefined name 'foo'.\u001b[0m"],
    ["/app/bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["file:///app/bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["./bin/server.dart:12:3: Error: Undefined name 'foo'."],
    ["org-dartlang-app:/bin/server.dart:12:3: Error: Undefined name 'foo'."],
  ])('%j', (line) => {
    expect(read([line])).toEqual([wanted])
  })

  test('BuildKit repeats it at the end; it is one problem', () => {
    const line = "bin/server.dart:12:3: Error: Undefined name 'foo'."
    expect(read([`#14 3.456 ${line}`, '#14 ERROR: process ...', `3.456 ${line}`])).toHaveLength(1)
  })

  test.each([
    ['package:hello/greeting.dart:1:2: Error: x', 'lib/greeting.dart'],
    ['package:core/core.dart:1:2: Error: x', 'packages/core/lib/core.dart'],
    ['package:core/src/deep.dart:1:2: Error: x', 'packages/core/lib/src/deep.dart'],
    ['lib/core.dart:1:2: Error: x', 'packages/core/lib/core.dart'],
    ['/workspace/packages/core/lib/src/deep.dart:1:2: Error: x', 'packages/core/lib/src/deep.dart'],
    ['lib/src/router.dart:1:2: Error: x', 'lib/src/router.dart'],
  ])('%s is in %s', (line, file) => {
    expect(read([line]).map((one) => one.file)).toEqual([file])
  })

  test.each([
    'package:shelf/greeting.dart:1:2: Error: x',
    '/root/.pub-cache/hosted/pub.dev/shelf-1.4.0/lib/greeting.dart:1:2: Error: x',
    '../../etc/bin/server.dart:1:2: Error: x',
    'bin/other.dart:1:2: Error: x',
    'bin/server.dart:1:2: Warning: x',
    'I said bin/server.dart:1:2 was an Error: x',
  ])('%s is nothing of the repository', (line) => {
    expect(read([line])).toEqual([])
  })

  test('the analyzer', () => {
    const found = { code: 'DCF-DART-ERROR', file: 'lib/greeting.dart', line: 3, column: 5 }
    expect(
      read(["  error - lib/greeting.dart:3:5 - Undefined name 'x'. - undefined_identifier"]),
    ).toMatchObject([found])
    expect(
      read(["  error • lib/greeting.dart:3:5 • Undefined name 'x'. • undefined_identifier"]),
    ).toMatchObject([found])
  })
})

describe('pub', () => {
  test('a place in pubspec.yaml', () => {
    expect(read(['#9 0.4 Error on line 7, column 3 of pubspec.yaml: Unexpected child "x".'])).toEqual([
      { code: 'DCF-PUB-ERROR', file: 'pubspec.yaml', line: 7, column: 3, message: 'Unexpected child "x".' },
    ])
  })

  test('versions that cannot be solved, with the reason', () => {
    const found = read([
      '#9 1.1 Resolving dependencies...',
      "#9 1.2 Because hello depends on shelf ^9.0.0 which doesn't match any versions, version solving failed.",
    ])
    expect(found).toMatchObject([{ code: 'DCF-PUB-ERROR', file: 'pubspec.yaml' }])
    expect(found[0]?.message).toContain('shelf ^9.0.0')
  })

  test('an SDK that does not fit', () => {
    const found = read([
      'The current Dart SDK version is 3.12.0.',
      '',
      'Because hello requires SDK version >=3.11.0 <3.12.0, version solving failed.',
    ])
    expect(found[0]?.message).toBe(
      'The current Dart SDK version is 3.12.0. Because hello requires SDK version >=3.11.0 <3.12.0, version solving failed.',
    )
  })
})

describe('Docker', () => {
  const snippet = (step: string) => [
    'Dockerfile:6',
    '--------------------',
    '   4 |     COPY . .',
    `   6 | >>> ${step}`,
    '--------------------',
  ]

  test('BuildKit shows the line of the step', () => {
    expect(read(snippet('RUN dart compile exe bin/server.dart'))).toEqual([
      {
        code: 'DCF-DOCKERFILE-STEP',
        file: 'Dockerfile',
        line: 6,
        column: undefined,
        message: 'This step failed: `RUN dart compile exe bin/server.dart`',
      },
    ])
  })

  test('the classic builder names the step', () => {
    const lines = [
      'Step 3/9 : RUN dart pub get',
      ' ---> Running in 0',
      "The command '/bin/sh -c dart pub get' returned a non-zero code: 69",
    ]
    expect(read(lines)).toMatchObject([
      { code: 'DCF-DOCKERFILE-STEP', file: 'Dockerfile', message: 'This step failed: `RUN dart pub get`' },
    ])
  })

  test("the adapter's own Dockerfile is not the customer's", () => {
    expect(
      read(
        snippet(
          'COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1 /lambda-adapter /opt/extensions/',
        ),
      ),
    ).toEqual([])
  })
})

test('nine at most, and no line is too long or too strange', () => {
  const many = Array.from(
    { length: 40 },
    (_one, index) => `bin/server.dart:${index + 1}:1: Error: number ${index}`,
  )
  expect(read(many)).toHaveLength(9)
  const strange = [
    `bin/server.dart:999999999999:1: Error: ${'x'.repeat(100_000)}`,
    'a'.repeat(1_000_000),
    `${'Because '.repeat(50_000)}`,
  ]
  const begun = performance.now()
  expect(read(strange)).toMatchObject([{ file: 'bin/server.dart', line: undefined }])
  expect(performance.now() - begun).toBeLessThan(1000)
})
