// A layer of the docker stand-in: a valid tar archive that lists what an instruction would have put into the image.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { blobFile, digestOf, type Layer } from './dockerstore.ts'

/** The same listing gives the same bytes everywhere. */
export function writeLayer(folder: string, listing: Readonly<Record<string, string>>): Layer {
  const text = Object.entries(listing)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => `${path}\t${content}\n`)
    .join('')
  const archive = tarOf('.dcf-stand-in', Buffer.from(text))
  const blob = gzipSync(archive, { level: 6 })
  // Byte 9 names the operating system of the compressor, which must not decide the digest.
  blob[9] = 255
  const digest = digestOf(blob)
  writeFileSync(blobFile(folder, digest), blob)
  return { digest, diffId: digestOf(archive), size: blob.length }
}

/** One regular file in the ustar format. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)])
}
