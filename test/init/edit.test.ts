// The edits touch one place each and leave every other byte as it was.
import { applyPatch } from 'diff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDockerfile } from '../../src/core/init/dockerfile.ts'
import { suggestEdits, writeDiff } from '../../src/core/init/edit.ts'
import { editPubspec } from '../../src/core/init/pubspec.ts'
import { newerWindow, olderWindow } from '../../src/core/source/window.ts'

test.each([
  [
    'the caret of dart create',
    'environment:\n  sdk: ^3.11.0 # ours\n',
    "environment:\n  sdk: '>=3.11.0 <3.12.0' # ours\n",
  ],
  [
    'no quotes, which is no YAML',
    'environment:\n  sdk: >=3.11.0 <4.0.0\n',
    "environment:\n  sdk: '>=3.11.0 <3.12.0'\n",
  ],
  [
    'Windows lines',
    'name: a\r\nenvironment:\r\n  sdk: ^3.11.0\r\n',
    "name: a\r\nenvironment:\r\n  sdk: '>=3.11.0 <3.12.0'\r\n",
  ],
  ['no newline at the end', 'environment:\n  sdk: ^3.11.0', "environment:\n  sdk: '>=3.11.0 <3.12.0'"],
  ['a map in braces', "environment: {sdk: '~3.10.1'}\n", "environment: {sdk: '>=3.10.0 <3.11.0'}\n"],
  [
    'a block scalar',
    'environment:\n  sdk: >-\n    ^3.11.0\nname: a\n',
    "environment:\n  sdk: '>=3.11.0 <3.12.0'\nname: a\n",
  ],
  ['an empty value', 'environment:\n  sdk:\nname: a', "environment:\n  sdk: '>=3.11.0 <3.12.0'\nname: a"],
  ['an empty section', 'environment:\nname: a\n', "environment:\n  sdk: '>=3.11.0 <3.12.0'\nname: a\n"],
  ['no section', 'name: a\n', "name: a\n\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n"],
  [
    'another sdk below another key',
    'environment:\n  flutter: x\ndependencies:\n  sdk: y\n',
    "environment:\n  sdk: '>=3.11.0 <3.12.0'\n  flutter: x\ndependencies:\n  sdk: y\n",
  ],
  [
    'an older minor asked for',
    "environment:\n  sdk: '>=3.10.2 <3.11.0'\n",
    "environment:\n  sdk: '>=3.10.0 <3.11.0'\n",
  ],
  [
    'the window in other words',
    'environment:\n  sdk: "<3.12.0 >=3.11.0"\n',
    'environment:\n  sdk: "<3.12.0 >=3.11.0"\n',
  ],
])('pubspec: %s', (_, before, after) => {
  expect(editPubspec(before).text).toBe(after)
})

test.each([
  ['a floating tag', 'FROM dart:stable AS build\n', 'FROM dart:3.11 AS build\n'],
  ['no tag', 'from dart as build', 'from dart:3.11 as build'],
  ['another minor', 'FROM dart:3.13.2-sdk\n', 'FROM dart:3.11\n'],
  ['a patch of the window', 'FROM dart:3.11.5\n', 'FROM dart:3.11.5\n'],
  ['a minor that only begins alike', 'FROM dart:3.110\n', 'FROM dart:3.11\n'],
  [
    'a mirror, a platform, Windows lines',
    '# a\r\nFROM --platform=linux/amd64 public.ecr.aws/docker/library/dart:latest\r\nFROM scratch',
    '# a\r\nFROM --platform=linux/amd64 public.ecr.aws/docker/library/dart:3.11\r\nFROM scratch',
  ],
  ['a registry with a port', 'FROM localhost:5000/dart:beta\n', 'FROM localhost:5000/dart:3.11\n'],
  ['the retired image', 'FROM google/dart:2.12\n', 'FROM dart:3.11\n'],
  ['somebody else’s image', 'FROM acme/dart:stable\n', 'FROM acme/dart:stable\n'],
  [
    'a digest',
    'FROM dart@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
    'FROM dart@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
  ],
  ['an argument', 'ARG TAG=stable\nFROM dart:${TAG}\n', 'ARG TAG=stable\nFROM dart:${TAG}\n'],
  [
    'FROM inside a heredoc',
    'FROM dart:3.11\nRUN <<EOF\nFROM dart:stable\nEOF\n',
    'FROM dart:3.11\nRUN <<EOF\nFROM dart:stable\nEOF\n',
  ],
])('Dockerfile: %s', (_, before, after) => {
  expect(editDockerfile(before, newerWindow)).toBe(after)
})

test('the image follows the window of the pubspec', () => {
  const edits = suggestEdits({
    pubspec: "environment:\n  sdk: '^3.10.0 '\n",
    dockerfile: 'FROM dart:stable\n',
  })
  expect(editPubspec("environment:\n  sdk: '>=3.10.0 <3.11.0'\n").window).toBe(olderWindow)
  expect(edits.map((edit) => edit.path)).toEqual(['pubspec.yaml', 'Dockerfile'])
})

test('nothing to change is no edit', () => {
  expect(
    suggestEdits({ pubspec: "environment:\n  sdk: '>=3.11.0 <3.12.0'\n", dockerfile: 'FROM dart:3.11\n' }),
  ).toEqual([])
})

test('the diff applies, also without a final newline and with Windows lines', () => {
  const files = {
    pubspec: 'name: a\r\nenvironment:\r\n  sdk: ^3.11.0\r\n',
    dockerfile: 'FROM dart:stable AS build\nRUN x\nFROM scratch',
  }
  for (const edit of suggestEdits(files)) {
    const diff = writeDiff([edit], 'functions/hello')
    expect(diff).toMatch(/^--- a\/functions\/hello\//)
    expect(applyPatch(edit.before, diff, { autoConvertLineEndings: false })).toBe(edit.after)
  }
})

test('any text at all: an edit is stable, and adds no more than it says', () => {
  const line = fc.constantFrom(
    'environment:',
    '  sdk: ',
    '^3.11.0',
    'FROM ',
    'dart:stable',
    '\n',
    '\r\n',
    ' ',
    '#',
    "'",
    '"',
    '{',
    '}',
    '>=3.10.0 <4.0.0',
    ':',
    '-',
    '\ufeff',
    '\\',
  )
  const text = fc.array(line, { maxLength: 24 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (before) => {
      const docker = editDockerfile(before, newerWindow)
      expect(editDockerfile(docker, newerWindow)).toBe(docker)
      expect(docker.replaceAll(/dart(?::[\w.-]+)?/g, 'dart')).toBe(
        before.replaceAll(/dart(?::[\w.-]+)?/g, 'dart'),
      )
      const pubspec = editPubspec(before).text
      expect(editPubspec(pubspec).text).toBe(pubspec)
    }),
    { numRuns: 2000 },
  )
})
