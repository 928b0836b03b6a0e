// The lines of a Dockerfile that name Dart's official image, whose floating tags are newer than every window.
import { DockerfileParser } from 'dockerfile-ast'
import type { SdkWindow } from '../source/window.ts'

/** Dart's image, also behind a mirror such as `public.ecr.aws/docker/library`. A digest says its version itself. */
const dartImage = /^(?<name>(?:[\w-]+[.:][\w.:-]*\/)?(?:docker\/)?(?:library\/)?dart)(?::(?<tag>[\w.-]+))?$/

/** The image of Dart 2, which nobody has updated since. */
const retiredImage = /^google\/dart(?:$|[:@])/

/** Gives every official Dart image the window's tag; everything else stays byte for byte. */
export function editDockerfile(text: string, window: SdkWindow): string {
  const edits = DockerfileParser.parse(text)
    .getFROMs()
    .flatMap((from) => {
      const range = from.getImageRange()
      const image = from.getImage()
      const wanted = image === null ? undefined : chooseImage(image, window)
      return range === null || wanted === undefined ? [] : [{ start: range.start, image, wanted }]
    })
  const lines = splitLines(text)
  for (const { start, image, wanted } of edits) {
    const line = lines[start.line]
    if (line === undefined || image === null) continue
    const at = start.character
    if (line.slice(at, at + image.length) !== image) continue
    lines[start.line] = `${line.slice(0, at)}${wanted}${line.slice(at + image.length)}`
  }
  return lines.join('')
}

/** The image with the window's tag, or undefined if it is not Dart's or fits already. */
function chooseImage(image: string, window: SdkWindow): string | undefined {
  if (retiredImage.test(image)) return `dart:${window.minor}`
  const { name, tag } = dartImage.exec(image)?.groups ?? {}
  if (name === undefined) return undefined
  const fits = new RegExp(`^${window.minor.replace('.', '\\.')}(?:\\.\\d+)?(?:-sdk)?$`)
  return tag !== undefined && fits.test(tag) ? undefined : `${name}:${window.minor}`
}

/** Lines with their endings, whichever these are. */
function splitLines(text: string): string[] {
  return text.split(/(?<=\r\n|\n|\r(?!\n))/)
}
