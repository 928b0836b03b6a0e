// Which external extensions an image holds: the files of /opt/extensions, read from the image without running it.
import type { Docker } from './docker.ts'

/** File names, sorted; empty when there is no such folder. */
export async function listExtensions(docker: Docker, image: string): Promise<readonly string[]> {
  // An image without a command cannot be created from without one.
  const container = await docker.must(['create', '--pull', 'never', image, 'none'])
  try {
    const { status, stdout } = await docker.run(['cp', '--follow-link', `${container}:/opt/extensions`, '-'])
    return status === 0 ? readNames(stdout) : []
  } finally {
    await docker.run(['rm', '--force', container])
  }
}

const BLOCK = 512

/** Names of the regular files right in the archive's one folder. */
function readNames(archive: Buffer): readonly string[] {
  const names: string[] = []
  let at = 0
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK)
    const name = readText(header.subarray(0, 100))
    if (name === '') break
    const size = Number.parseInt(readText(header.subarray(124, 136)), 8) || 0
    const type = readText(header.subarray(156, 157))
    const [folder, file, deeper] = name.split('/')
    const isFile = type === '' || type === '0' || type === '2'
    if (isFile && folder === 'extensions' && file !== undefined && file !== '' && deeper === undefined) {
      names.push(file)
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return names.sort()
}

function readText(field: Buffer): string {
  const end = field.indexOf(0)
  return field
    .subarray(0, end < 0 ? field.length : end)
    .toString('utf8')
    .trim()
}
