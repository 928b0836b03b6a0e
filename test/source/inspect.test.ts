import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inspectSource } from '../../src/core/source/inspect.ts'
import type { SelectionRules, SourceReport } from '../../src/core/source/report.ts'
import type { TreeEntry } from '../../src/core/source/tree.ts'
import { goodDockerfile, goodFiles, goodPubspec, makeTree } from './memorytree.ts'
import { runs } from './runs.ts'

type Files = Readonly<Record<string, string | Buffer>>
const noRules: SelectionRules = { include: [], exclude: [] }

function inspect(
  files: Files,
  others: readonly TreeEntry[] = [],
  rules: Partial<SelectionRules> = {},
): Promise<SourceReport> {
  return inspectSource(makeTree({ ...goodFiles, ...files }, others), { ...noRules, ...rules })
}

async function listCodes(files: Files, others: readonly TreeEntry[] = []): Promise<string[]> {
  return (await inspect(files, others)).problems.map(
    ({ severity, code, file, line }) => `${severity} ${code} ${file ?? '-'}:${line ?? '-'}`,
  )
}

function without(...paths: readonly string[]): ReturnType<typeof makeTree> {
  return makeTree(Object.fromEntries(Object.entries(goodFiles).filter(([path]) => !paths.includes(path))))
}

test('a function that deploys as it is has no problem', async () => {
  const report = await inspect({})
  expect(report).toMatchObject({ ok: true, name: 'hello', problems: [] })
  expect(report.files.map(({ path }) => path)).toEqual(['Dockerfile', 'bin/server.dart', 'pubspec.yaml'])
  expect(report.sourceDigest).toMatch(/^[0-9a-f]{64}$/)
})

describe('the three mandatory files', () => {
  test.each([
    ['pubspec.yaml', 'DCF-PUBSPEC-MISSING'],
    ['Dockerfile', 'DCF-DOCKERFILE-MISSING'],
    ['bin/server.dart', 'DCF-PROGRAM-MISSING'],
  ])('without %s: %s', async (path, code) => {
    const report = await inspectSource(without(path), noRules)
    expect(report.ok).toBe(false)
    expect(report.problems.map((problem) => problem.code)).toContain(code)
  })

  test('all that is missing is reported at once', async () => {
    const report = await inspectSource(makeTree({}), noRules)
    expect(report.problems.map((problem) => problem.code).sort()).toEqual([
      'DCF-DOCKERFILE-MISSING',
      'DCF-PROGRAM-MISSING',
      'DCF-PUBSPEC-MISSING',
    ])
  })

  test('a likely other place or name is named', async () => {
    const tree = makeTree({
      dockerfile: goodDockerfile,
      'app/pubspec.yaml': goodPubspec,
      'app/bin/a.dart': 'PORT',
    })
    const { problems } = await inspectSource(tree, noRules)
    expect(problems.find((problem) => problem.code === 'DCF-DOCKERFILE-MISSING')?.help).toContain(
      'git mv dockerfile Dockerfile',
    )
    expect(problems.find((problem) => problem.code === 'DCF-PUBSPEC-MISSING')?.help).toContain(
      'working-directory: app',
    )
  })

  test('a pubspec that a pattern keeps out is told with the pattern', async () => {
    const { problems } = await inspect({ '.dockerignore': '*.yaml\n' })
    expect(problems.find((problem) => problem.code === 'DCF-PUBSPEC-MISSING')?.message).toContain('`*.yaml`')
  })
})

describe('selection', () => {
  test('Docker rules, the never-list and both inputs decide together', async () => {
    const files = {
      '.dockerignore': 'Dockerfile\n.dockerignore\nbuild\n*.md\n!keep.md\n',
      'build/x': '',
      'a.md': '',
      'keep.md': '',
      'sub/a.md': '',
      '.dart_tool/x': '',
      'node_modules/y': '',
      'b.txt': '',
      'c.txt': '',
    }
    const report = await inspect(files, [], { include: ['a.md'], exclude: ['b.txt'] })
    expect(report.files.map(({ path }) => path)).toEqual([
      '.dockerignore',
      'Dockerfile',
      'a.md',
      'bin/server.dart',
      'c.txt',
      'keep.md',
      'pubspec.yaml',
      'sub/a.md',
    ])
    expect(report.omitted).toEqual([
      { path: '.dart_tool/x', by: 'never' },
      { path: 'b.txt', by: 'exclude' },
      { path: 'build/x', by: 'dockerignore' },
      { path: 'node_modules/y', by: 'never' },
    ])
  })

  test('Dockerfile.dockerignore comes before .dockerignore', async () => {
    const report = await inspect({
      '.dockerignore': 'a.txt',
      'Dockerfile.dockerignore': 'b.txt',
      'a.txt': '',
      'b.txt': '',
    })
    expect(report.omitted).toEqual([{ path: 'b.txt', by: 'dockerignore' }])
  })

  test('a pattern that Docker refuses is an error with its line', async () => {
    expect(await listCodes({ '.dockerignore': 'ok\n\n!\n[x\n' })).toEqual([
      'error DCF-IGNORE-PATTERN .dockerignore:3',
      'error DCF-IGNORE-PATTERN .dockerignore:4',
    ])
  })

  test('a pattern made to take exponential time takes none', async () => {
    const lines = `${'*a'.repeat(60)}b\n`.repeat(10_000)
    const report = await inspect({ '.dockerignore': lines, [`${'a'.repeat(200)}.txt`]: '' })
    expect(report.files.length).toBe(5)
  })

  test('names that other languages trip over are packed as they are', async () => {
    const report = await inspect({ __proto__x: '', constructor: 'c', 'a/toString': 't' })
    expect(report.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['constructor', 'a/toString']),
    )
  })
})

describe('secrets', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n'
  const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

  test('by name and by content they stay out, with one notice', async () => {
    const secrets = {
      '.env': '',
      '.env.prod': '',
      'x/.npmrc': '',
      '.aws/credentials': '',
      'keys/id_rsa': '',
      'a.p12': '',
      'gha-creds-1.json': '',
      'my-service-account.json': '',
      'tls.pem': key,
      'deep/notes.txt': `x\n${key}`,
      'account.json': `{"type": "service_account", "private_key": "${key.replaceAll('\n', '\\n')}"}`,
    }
    const report = await inspect({
      ...secrets,
      '.env.example': '',
      'ca.pem': certificate,
      'lib/credentials.dart': '',
      'keys/id_rsa.pub': '',
    })
    const paths = report.files.map(({ path }) => path)
    for (const path of Object.keys(secrets)) expect(paths).not.toContain(path)
    expect(paths).toEqual(
      expect.arrayContaining(['.env.example', 'ca.pem', 'lib/credentials.dart', 'keys/id_rsa.pub']),
    )
    expect(report.problems).toMatchObject([{ code: 'DCF-SECRETS-KEPT-OUT', severity: 'notice' }])
    expect(report.problems[0]?.message).toContain('11 files')
  })

  test('an ignore file cannot take them back in, the input can', async () => {
    const files = { '.dockerignore': '!.env\n', '.env': 'A=1', 'tls.pem': key }
    expect((await inspect(files)).files.map(({ path }) => path)).not.toContain('.env')
    const included = await inspect(files, [], { include: ['.env', '*.pem'] })
    expect(included.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['.env', 'tls.pem']))
  })

  test('a script that only names the mark is no secret', async () => {
    const report = await inspect({ 'check.sh': 'grep -q "-----BEGIN PRIVATE KEY-----" "$1"\n' })
    expect(report.files.map(({ path }) => path)).toContain('check.sh')
  })

  test('a key in a source is a warning, and the source stays', async () => {
    expect(await listCodes({ 'lib/key.dart': `const key = '''\n${key}''';` })).toEqual([
      'warning DCF-SECRET-IN-SOURCE lib/key.dart:-',
    ])
  })

  test('a token that a checkout left behind is a notice', async () => {
    const config = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic eDp5\n'
    expect(await listCodes({ '.git/config': config })).toEqual(['notice DCF-GIT-TOKEN -:-'])
  })
})

describe('the Dockerfile', () => {
  const dockerfile = (text: string): Files => ({ Dockerfile: text })
  const build = goodDockerfile

  test.each([
    ['dart:stable', 'error DCF-IMAGE-FLOATING'],
    ['dart', 'error DCF-IMAGE-FLOATING'],
    ['dart:3', 'error DCF-IMAGE-FLOATING'],
    ['dart:latest', 'error DCF-IMAGE-FLOATING'],
    ['mirror.gcr.io/library/dart:stable', 'error DCF-IMAGE-FLOATING'],
    ['public.ecr.aws/docker/library/dart:stable', 'error DCF-IMAGE-FLOATING'],
    ['dart:3.10', 'error DCF-IMAGE-VERSION'],
    ['dart:3.12', 'error DCF-IMAGE-VERSION'],
    ['dart:3.11.0-200.1.beta', 'error DCF-IMAGE-VERSION'],
    ['dart:3.12.1-sdk', 'error DCF-IMAGE-VERSION'],
    ['google/dart:2.14', 'error DCF-IMAGE-RETIRED'],
    ['ghcr.io/acme/dart:stable', 'warning DCF-IMAGE-FLOATING'],
    [
      'dart@sha256:0000000000000000000000000000000000000000000000000000000000000000',
      'warning DCF-IMAGE-UNKNOWN',
    ],
    ['$BASE', 'warning DCF-IMAGE-UNRESOLVED'],
    ['dart:3.11', undefined],
    ['dart:3.11.5', undefined],
    ['dart:3.11.5-sdk', undefined],
    ['docker.io/library/dart:3.11', undefined],
    ['dart:${V:-3.11}', undefined],
    ['dart:3.11@sha256:0000000000000000000000000000000000000000000000000000000000000000', undefined],
    ['debian:stable', undefined],
  ])('FROM %s', async (image, expected) => {
    const text = `ARG BASE\nARG V\n${build.replace('dart:3.11', image)}`
    expect(await listCodes(dockerfile(text))).toEqual(
      expected === undefined ? [] : [`${expected} Dockerfile:3`],
    )
  })

  test('a default is resolved, also through another variable', async () => {
    const text = `ARG VERSION=stable\nARG TAG=\${VERSION}\n${build.replace('dart:3.11', 'dart:${TAG}')}`
    expect(await listCodes(dockerfile(text))).toEqual(['error DCF-IMAGE-FLOATING Dockerfile:3'])
  })

  test('a stage that nothing needs is not judged', async () => {
    expect(await listCodes(dockerfile(`FROM dart:stable AS dev\nCOPY nowhere /x\n${build}`))).toEqual([])
  })

  test.each([
    ['COPY nowhere /x', 'DCF-COPY-MISSING'],
    ['ADD no*where /x', 'DCF-COPY-MISSING'],
    ['COPY pubspec.yaml pubspec.lock ./', 'DCF-COPY-LOCK'],
    ['COPY README.md /x', 'DCF-COPY-FILTERED'],
    ['COPY .env /x', 'DCF-COPY-FILTERED'],
    ['COPY Bin/ /x', 'DCF-COPY-MISSING'],
  ])('%s: %s', async (line, code) => {
    const text = build.replace('COPY . .', line)
    const codes = await listCodes({
      Dockerfile: text,
      '.dockerignore': 'README.md',
      'README.md': '',
      '.env': '',
    })
    expect(codes.filter((entry) => entry.startsWith('error'))).toEqual([`error ${code} Dockerfile:3`])
  })

  test.each([
    'COPY pubspec.* ./',
    'COPY ./bin /x',
    'COPY ["bin/server.dart", "/x"]',
    'COPY --chown=1 bin/*.dart /x/',
    'COPY <<EOF /x\nhello\nEOF',
    'ADD https://example.com/x /x',
    'COPY $UNKNOWN* /x',
    'COPY /bin/ /x',
  ])('%s is fine', async (line) => {
    expect(await listCodes(dockerfile(build.replace('COPY . .', line)))).toEqual([])
  })

  test.each([
    [build.replace('CMD ["/server"]', 'CMD /server'), 'error DCF-COMMAND-SHELL Dockerfile:7'],
    [build.replace('CMD ["/server"]\n', ''), 'error DCF-COMMAND-MISSING Dockerfile:5'],
    [
      build.replace('FROM scratch', 'FROM public.ecr.aws/lambda/provided:al2023'),
      'error DCF-ENTRYPOINT-LAMBDA Dockerfile:5',
    ],
    [build.replace('FROM scratch', 'FROM scratch\nENV PORT=80'), 'error DCF-PORT-RESERVED Dockerfile:6'],
    [build.replace('FROM scratch', 'FROM scratch\nENV PORT 9001'), 'error DCF-PORT-RESERVED Dockerfile:6'],
    [build.replace('FROM scratch', 'FROM scratch\nENV PORT=3000'), 'warning DCF-PORT-RESERVED Dockerfile:6'],
    [
      build.replace('FROM scratch', 'FROM --platform=linux/arm64 scratch'),
      'error DCF-ARCHITECTURE Dockerfile:5',
    ],
    [
      build.replace('exe bin', 'exe --target-os=linux --target-arch=arm64 bin'),
      'error DCF-ARCHITECTURE Dockerfile:4',
    ],
    [
      build.replace(
        'FROM scratch',
        'FROM scratch\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.8.4 /lambda-adapter /opt/extensions/lambda-adapter',
      ),
      'warning DCF-ADAPTER-OWN Dockerfile:6',
    ],
    [`${build}FOO bar\n`, 'error DCF-DOCKERFILE-SYNTAX Dockerfile:8'],
    ['', 'error DCF-DOCKERFILE-SYNTAX Dockerfile:1'],
    [`COPY . .\n${build}`, 'error DCF-DOCKERFILE-SYNTAX Dockerfile:1'],
  ])('%j', async (text, expected) => {
    expect(await listCodes(dockerfile(text))).toEqual([expected])
  })

  test('a port that nothing reads is a warning', async () => {
    const server = "await shelf_io.serve(handler, '0.0.0.0', 3001);\n"
    expect(await listCodes({ 'bin/server.dart': server })).toEqual(['warning DCF-PORT-FIXED Dockerfile:5'])
    expect(await listCodes({ 'bin/server.dart': server.replace('3001', '8080') })).toEqual([])
  })
})

describe('dependencies', () => {
  const pubspec = (more: string): Files => ({ 'pubspec.yaml': `${goodPubspec}${more}` })

  test.each([
    ['resolution: workspace\n', 'error DCF-WORKSPACE-MEMBER pubspec.yaml:4'],
    ['workspace: [a]\n', 'error DCF-WORKSPACE-INCOMPLETE pubspec.yaml:4'],
    ['dependencies:\n  a: {path: ../a}\n', 'error DCF-DEPENDENCY-OUTSIDE pubspec.yaml:5'],
    ['dev_dependencies:\n  a: {path: /a}\n', 'error DCF-DEPENDENCY-OUTSIDE pubspec.yaml:5'],
    ['dependencies:\n  a: {path: packages/a}\n', 'error DCF-DEPENDENCY-MISSING pubspec.yaml:5'],
    ['dependencies:\n  flutter: {sdk: flutter}\n', 'error DCF-FLUTTER pubspec.yaml:5'],
    [
      'dependencies:\n  a: {git: git@github.com:acme/a.git}\n',
      'warning DCF-DEPENDENCY-PRIVATE pubspec.yaml:5',
    ],
    [
      'dependencies:\n  a: {hosted: https://pub.acme.example, version: ^1.0.0}\n',
      'warning DCF-DEPENDENCY-PRIVATE pubspec.yaml:5',
    ],
  ])('%j: %s', async (more, expected) => {
    expect(await listCodes(pubspec(more))).toEqual([expected])
  })

  test.each([
    'dependencies:\n  a: ^1.0.0\n',
    'dependencies:\n  a: {git: https://github.com/acme/a.git}\n',
    'dependencies:\n  a: {path: ./lib/a}\n',
    'dependencies:\n  a: {path: ../a}\ndependency_overrides:\n  a: 1.0.0\n',
  ])('%j is fine', async (more) => {
    expect(await listCodes({ ...pubspec(more), 'lib/a/pubspec.yaml': 'name: a\n' })).toEqual([])
  })

  test('pubspec_overrides.yaml has the last word', async () => {
    const files = {
      ...pubspec('resolution: workspace\ndependencies:\n  a: {path: ../a}\n'),
      'pubspec_overrides.yaml': 'resolution:\ndependency_overrides:\n  a: {path: vendor/a}\n',
      'vendor/a/pubspec.yaml': 'name: a\n',
    }
    expect(await listCodes(files)).toEqual([])
  })

  test('build hooks and `dart compile` do not go together', async () => {
    expect(await listCodes({ 'hook/build.dart': '' })).toEqual(['error DCF-BUILD-HOOKS Dockerfile:4'])
    const lock = 'packages:\n  sqlite3:\n    version: "3.1.0"\nsdks:\n  dart: ">=3.12.0 <4.0.0"\n'
    expect(await listCodes({ 'pubspec.lock': lock })).toEqual([
      'warning DCF-BUILD-HOOKS Dockerfile:4',
      'warning DCF-LOCK-NEWER pubspec.lock:5',
    ])
  })
})

describe('what is no plain file', () => {
  const others: readonly (readonly [TreeEntry, string])[] = [
    [{ kind: 'link', path: 'x', target: '/etc/passwd', fault: 'leaves' }, 'error DCF-LINK-OUTSIDE x:-'],
    [{ kind: 'link', path: 'x', target: '.', fault: 'loops' }, 'error DCF-LINK-LOOP x:-'],
    [{ kind: 'link', path: 'x', target: 'gone', fault: 'dangles' }, 'warning DCF-LINK-DANGLING x:-'],
    [{ kind: 'special', path: 'x', what: 'a socket' }, 'warning DCF-FILE-SPECIAL x:-'],
    [{ kind: 'unreadable', path: 'x', reason: 'EACCES' }, 'error DCF-FILE-UNREADABLE x:-'],
    [{ kind: 'cut', path: 'x', what: 'levels', limit: 64 }, 'error DCF-TREE-TOO-LARGE x:-'],
    [{ kind: 'file', path: 'x', bytes: 3, isExecutable: false }, 'error DCF-FILE-CHANGED x:-'],
  ]
  test.each(others)('%j: %s', async (entry, expected) => {
    expect(await listCodes({}, [entry])).toEqual([expected])
    expect(await listCodes({ '.dockerignore': 'x' }, [entry])).toEqual([])
  })

  test('a listing that was cut is reported whatever the patterns say', async () => {
    const cut: TreeEntry = { kind: 'cut', path: 'data/x', what: 'files', limit: 100_000 }
    expect(await listCodes({ '.dockerignore': 'data' }, [cut])).toEqual(['error DCF-TREE-TOO-LARGE data/x:-'])
  })

  test.each(['a\\b', 'a\nb', 'a\u0001', 'a\ufffd'])('the name %j is refused', async (name) => {
    expect((await inspect({ [name]: '' })).problems).toMatchObject([
      { code: 'DCF-FILE-NAME', severity: 'error', file: name },
    ])
  })

  test('names that differ in case only, submodules and LFS pointers are warnings', async () => {
    const files = {
      'a.txt': '',
      'A.txt': '',
      '.gitmodules': '[submodule "m"]\n\tpath = vendor/m\n',
      'big.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    }
    expect(await listCodes(files, [{ kind: 'folder', path: 'vendor/m' }])).toEqual([
      'warning DCF-SUBMODULE-EMPTY .gitmodules:-',
      'warning DCF-FILE-CASE a.txt:-',
      'warning DCF-LFS-POINTER big.bin:-',
    ])
  })
})

test('a message never carries a line break of a name or a text', async () => {
  const report = await inspect({
    'pubspec.yaml': 'name: "x\\n::add-mask::e"\nenvironment: {sdk: "a\\r::error::b"}\n',
    'x\n::add-mask::e': '',
  })
  for (const problem of report.problems) expect(`${problem.message}${problem.help}`).not.toMatch(/[\r\n]/)
})

test('order of the listing and mode bits: the digest ignores the first and sees the second', async () => {
  const tree = makeTree(goodFiles)
  const turned = { ...tree, entries: [...tree.entries].reverse() }
  const executable = {
    ...tree,
    entries: tree.entries.map((entry) => (entry.kind === 'file' ? { ...entry, isExecutable: true } : entry)),
  }
  const [first, second, third] = await Promise.all(
    [tree, turned, executable].map((one) => inspectSource(one, noRules)),
  )
  expect(second?.sourceDigest).toBe(first?.sourceDigest)
  expect(third?.sourceDigest).not.toBe(first?.sourceDigest)
})

test('no tree at all makes it throw', async () => {
  const path = fc.constantFrom(
    'pubspec.yaml',
    'Dockerfile',
    '.dockerignore',
    'pubspec.lock',
    'pubspec_overrides.yaml',
    '.gitmodules',
    '.git/config',
    'bin/a.dart',
    'x/y',
    '.env',
    '__proto__',
    'a\\b',
  )
  const piece = fc.constantFrom(
    'name: a\n',
    'environment:\n  sdk: ',
    "'>=3.11.0 <3.12.0'\n",
    'FROM dart:3.11\n',
    'FROM ',
    'COPY a ',
    '--from=',
    '${',
    '}',
    '$A',
    'RUN <<EOF\n',
    '[',
    ']',
    '"',
    '\\',
    '\n',
    '!',
    '**',
    'ARG A=$A\n',
    'ENV ',
    'path: ',
    '../',
    'dependencies:\n',
    '  a: ',
    '\0',
    '\ufeff',
    'AS b\n',
    '`',
  )
  const text = fc.array(piece, { maxLength: 16 }).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(path, text, { maxKeys: 8 }),
      fc.array(text, { maxLength: 2 }),
      async (files, include) => {
        const report = await inspectSource(makeTree(files), { include, exclude: [] })
        expect(report.ok).toBe(report.problems.every((problem) => problem.severity !== 'error'))
      },
    ),
    { numRuns: runs(600) },
  )
})
