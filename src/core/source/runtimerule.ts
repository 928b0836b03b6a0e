// Whether the image that a Dockerfile makes would start in Lambda and be reached behind the Web Adapter.
import type { Problem } from '../problem.ts'
import type { Instruction } from './dockerfile.ts'
import { classifyImage, parseImageName } from './fromrule.ts'
import {
  findLastInstruction,
  findRootImage,
  type ImageSource,
  listChain,
  type ResolvedStage,
} from './image.ts'
import { quote } from './quote.ts'

/** Judges command, port, architecture and what was added by hand. */
export function judgeRuntime(image: ImageSource): readonly Problem[] {
  return [
    ...judgeCommand(image),
    ...judgePort(image),
    ...image.needed.flatMap(judgeArchitecture),
    ...image.needed.flatMap((stage) => stage.instructions.flatMap(judgeAdapter)),
  ]
}

type Words = Pick<Problem, 'code' | 'severity' | 'message' | 'help'>

function at(instruction: Instruction | undefined, words: Words): Problem {
  const place = instruction === undefined ? {} : { line: instruction.line, column: instruction.column }
  return { ...words, file: 'Dockerfile', ...place }
}

function judgeCommand(image: ImageSource): readonly Problem[] {
  const { final } = image
  const root = findRootImage(final)
  if (final === undefined || root === undefined) return []
  const entrypoint = findLastInstruction(final, 'ENTRYPOINT')
  const command = findLastInstruction(final, 'CMD')
  const isScratch = root === 'scratch'
  if (!isScratch && isLambdaBase(root) && entrypoint === undefined) {
    return [
      at(final.from, {
        code: 'DCF-ENTRYPOINT-LAMBDA',
        severity: 'error',
        message: `${quote(root)} is a base image of Lambda: its own entry point waits for a handler and never starts a server.`,
        help: 'Set an `ENTRYPOINT` that starts the server, as in `ENTRYPOINT ["/app/bin/server"]`, or build upon `scratch` or `debian:stable-slim`.',
      }),
    ]
  }
  if (
    entrypoint === undefined &&
    command === undefined &&
    (isScratch || classifyImage(parseImageName(root)) === 'official')
  ) {
    return [
      at(final.from, {
        code: 'DCF-COMMAND-MISSING',
        severity: 'error',
        message: 'The last stage has neither CMD nor ENTRYPOINT, so that nothing would start.',
        help: 'End the Dockerfile with the command that starts the server, as in `CMD ["/app/bin/server"]`.',
      }),
    ]
  }
  return isScratch ? judgeShell(final, [entrypoint, command]) : []
}

function isLambdaBase(root: string): boolean {
  const { registry, repository } = parseImageName(root)
  return (
    (registry === 'public.ecr.aws' && repository.startsWith('lambda/')) ||
    repository.startsWith('amazon/aws-lambda-')
  )
}

/** On `scratch` there is no /bin/sh, unless one was copied in. */
function judgeShell(
  final: ResolvedStage,
  commands: readonly (Instruction | undefined)[],
): readonly Problem[] {
  const levels = listChain(final)
  const instructions = levels.flatMap((level) => level.instructions)
  const bringsShell = (instruction: Instruction): boolean =>
    (instruction.keyword === 'COPY' &&
      instruction.words.slice(0, -1).some((word) => /^\/$|^\/(?:usr\/)?bin(?:\/|$)|busybox/.test(word))) ||
    instruction.keyword === 'SHELL' ||
    (instruction.keyword === 'ADD' && /\.tar/.test(instruction.text))
  if (instructions.some(bringsShell)) return []
  const runs = instructions.filter((instruction) => instruction.keyword === 'RUN')
  const shellForm = [...commands, ...runs].filter(
    (instruction) => instruction !== undefined && instruction.json === undefined,
  )
  return shellForm.map((instruction) =>
    at(instruction, {
      code: 'DCF-COMMAND-SHELL',
      severity: 'error',
      message: `${instruction?.keyword ?? 'CMD'} without brackets needs /bin/sh, and an image upon \`scratch\` has none.`,
      help: `Write it as a list of texts, as in \`${instruction?.keyword ?? 'CMD'} ["/app/bin/server"]\`.`,
    }),
  )
}

function judgePort(image: ImageSource): readonly Problem[] {
  const { final } = image
  const port = final?.variables.get('PORT') ?? final?.variables.get('AWS_LWA_PORT')
  const setter = listChain(final)
    .flatMap((stage) => stage.instructions.toReversed())
    .find((instruction) => instruction.keyword === 'ENV' && /\b(?:AWS_LWA_)?PORT\b/.test(instruction.text))
  if (port === undefined || setter === undefined || !/^\d+$/.test(port)) return []
  const number = Number(port)
  if (number >= 1024 && number !== 9001 && number !== 3000) return []
  const why =
    number < 1024
      ? 'a program in Lambda may not listen below 1024'
      : number === 9001
        ? 'Lambda itself uses it'
        : 'extensions of Lambda may use it'
  return [
    at(setter, {
      code: 'DCF-PORT-RESERVED',
      severity: number === 3000 ? 'warning' : 'error',
      message: `Port ${port} cannot be relied upon: ${why}.`,
      help: 'Write `ENV PORT=8080`, or leave it out: 8080 is what the build sets.',
    }),
  ]
}

function judgeArchitecture(stage: ResolvedStage): readonly Problem[] {
  const platform = stage.from.flags.get('platform') ?? ''
  const isOther = /^(?:linux\/)?(?:arm|riscv|386|ppc|s390|mips)|^(?:windows|darwin)/i.test(platform)
  const byName = /(?:^|\/)(?:arm64v8|arm32v[5-7]|arm32v7|riscv64|i386|ppc64le|s390x)\//.test(
    stage.image ?? '',
  )
  const target = stage.instructions.find(
    (instruction) =>
      instruction.keyword === 'RUN' && /--target-arch[= ](?!x64\b)["']?\w/.test(instruction.text),
  )
  const words = (what: string, help: string): Words => ({
    code: 'DCF-ARCHITECTURE',
    severity: 'error',
    message: `${what}, but the function and its build run on linux/amd64.`,
    help,
  })
  if (isOther)
    return [
      at(
        stage.from,
        words(
          `The platform of this stage is ${quote(platform)}`,
          'Remove `--platform`, or write `--platform=linux/amd64`.',
        ),
      ),
    ]
  if (byName)
    return [
      at(
        stage.from,
        words(
          `${quote(stage.image ?? '')} is made for another architecture`,
          'Take the image of the same name without that prefix.',
        ),
      ),
    ]
  return target === undefined
    ? []
    : [
        at(
          target,
          words(
            'The program is compiled for another architecture',
            'Write `--target-arch=x64`, or leave it out.',
          ),
        ),
      ]
}

function judgeAdapter(instruction: Instruction): readonly Problem[] {
  if (!['COPY', 'ADD'].includes(instruction.keyword)) return []
  const from = instruction.flags.get('from') ?? ''
  const words = instruction.json ?? instruction.words
  const isAdapter =
    /aws-lambda-(?:web-)?adapter|lambda-adapter/.test(from) ||
    words.slice(0, -1).some((word) => /lambda-(?:web-)?adapter/.test(word))
  if (!isAdapter && !(words.at(-1) ?? '').startsWith('/opt/extensions/')) return []
  return [
    at(instruction, {
      code: 'DCF-ADAPTER-OWN',
      severity: 'warning',
      message:
        'The Lambda Web Adapter is added here by hand; the build then keeps this one and does not add its own.',
      help: 'Remove the line: the build adds the adapter, in the version that it is tested with.',
    }),
  ]
}
