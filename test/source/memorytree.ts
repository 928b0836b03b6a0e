// A tree in memory: what the rules are asked about without a disk.
import { FileFault, type Tree, type TreeEntry } from '../../src/core/source/tree.ts'

export const goodPubspec = "name: hello\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n"
export const goodDockerfile =
  'FROM dart:3.11 AS build\nWORKDIR /app\nCOPY . .\nRUN dart compile exe bin/server.dart -o /server\nFROM scratch\nCOPY --from=build /server /server\nCMD ["/server"]\n'
export const goodServer = "final port = Platform.environment['PORT'];\n"

/** The files of a function that deploys as it is. */
export const goodFiles: Readonly<Record<string, string>> = {
  'pubspec.yaml': goodPubspec,
  Dockerfile: goodDockerfile,
  'bin/server.dart': goodServer,
}

/** A tree of these texts, and of entries of other kinds. */
export function makeTree(
  files: Readonly<Record<string, string | Buffer>>,
  others: readonly TreeEntry[] = [],
): Tree {
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  const entries: TreeEntry[] = [...contents].map(([path, content]) => ({
    kind: 'file',
    path,
    bytes: content.length,
    isExecutable: path.endsWith('.sh'),
  }))
  const read = async (path: string): Promise<Buffer> => {
    const content = contents.get(path)
    if (content === undefined) throw new FileFault('changed', path, 'gone')
    return content
  }
  return {
    entries: [...entries, ...others],
    read,
    async *chunks(path) {
      yield await read(path)
    },
  }
}
