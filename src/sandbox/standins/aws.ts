// The stand-in for the AWS CLI inside a build: real signed HTTP to the sandbox, and the real tool's refusals.
import { setTimeout as sleep } from 'node:timers/promises'
import { search } from 'jmespath'
import { type Refusal, readAnswer, readRefusal } from './awsanswer.ts'
import { type AwsCommand, parseAws } from './awsarguments.ts'
import { type Acceptor, shapeOf, type WaiterModel } from './awsmodel.ts'
import { formatAnswer } from './awsoutput.ts'
import { writeRequest } from './awsrequest.ts'
import { send } from './awssend.ts'
import { writeSkeleton } from './awsskeleton.ts'
import { validateInput } from './awsvalidate.ts'
import type { Console } from './console.ts'
import { UsageError } from './usage.ts'

const VERSION = 'aws-cli/1.46.3 (the stand-in of the dcf-lambda sandbox)'

/** Milliseconds between two looks of a waiter; the sandbox's functions settle much faster than AWS's. */
const LOOK_EVERY = 250

/** Exit status as the AWS CLI version 1 has it: 2 for usage, 255 for everything else that fails. */
export async function runAws(argv: readonly string[], { out, err, env }: Console): Promise<number> {
  if (argv[0] === '--version') {
    out(`${VERSION}\n`)
    return 0
  }
  try {
    out(await perform(parseAws(argv), env))
    return 0
  } catch (error) {
    err(`\n${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof UsageError ? error.status : 255
  }
}

async function perform(command: AwsCommand, env: Console['env']): Promise<string> {
  const shape = shapeOf(command.service, command.operation.input)
  if (command.skeleton) return `${JSON.stringify(writeSkeleton(shape, command.service), null, 4)}\n`
  refuseInvalid(command)
  if (command.waiter !== undefined) return wait(command, command.waiter, env)
  const answer = await call(command, env)
  if ('code' in answer) throw new Error(refusalText(command, answer))
  if (command.login) return `${loginPassword(answer.members)}\n`
  return formatAnswer(answer.members, outputOf(command, env), command.globals.query)
}

/** The service's own name for input that it finds malformed; S3 has none, it reads what it can. */
const INVALID: Readonly<Record<string, string>> = {
  lambda: 'ValidationException',
  ecr: 'InvalidParameterException',
  codebuild: 'InvalidInputException',
}

function refuseInvalid(command: AwsCommand): void {
  const { service, serviceName, operation, input } = command
  const { client, server } = validateInput(input, shapeOf(service, operation.input), service)
  if (client.length > 0) throw new Error(`Parameter validation failed:\n${client.join('\n')}`)
  const code = INVALID[serviceName]
  if (server.length === 0 || code === undefined) return
  const count = server.length === 1 ? '1 validation error' : `${server.length} validation errors`
  throw new Error(refusalText(command, { code, message: `${count} detected: ${server.join('; ')}` }))
}

function refusalText({ operation }: AwsCommand, { code, message }: Refusal): string {
  return `An error occurred (${code}) when calling the ${operation.name} operation: ${message}`
}

type Called = { readonly members: Record<string, unknown> } | Refusal

async function call(command: AwsCommand, env: Console['env']): Promise<Called> {
  const region = command.globals.region ?? env['AWS_DEFAULT_REGION']
  if (!region)
    throw new Error(
      'You must specify a region. You can also configure your region by running "aws configure".',
    )
  const endpoint = command.globals['endpoint-url'] ?? env['AWS_ENDPOINT_URL'] ?? 'https://amazonaws.com'
  const sending = { signingName: command.service.signingName, region, endpoint, env }
  const answer = await send(writeRequest(command), sending)
  if (answer.status >= 300) return readRefusal(command, answer)
  return { members: readAnswer(command, answer) }
}

function outputOf({ globals }: AwsCommand, env: Console['env']): string {
  const output = globals.output ?? env['AWS_DEFAULT_OUTPUT'] ?? 'json'
  if (output === 'table') throw new UsageError('the stand-in does not print tables', 255)
  return output
}

function loginPassword(members: Record<string, unknown>): string {
  const token = search(members, 'authorizationData[0].authorizationToken')
  return Buffer.from(String(token), 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
}

async function wait(command: AwsCommand, waiter: WaiterModel, env: Console['env']): Promise<string> {
  const end = Date.now() + waiter.delay * waiter.maxAttempts * 1000
  const failed = `Waiter ${waiter.name} failed: `
  while (Date.now() < end) {
    const answer = await call(command, env)
    if ('code' in answer) {
      const expected = waiter.acceptors.find((one) => one.matcher === 'error' && one.expected === answer.code)
      if (expected === undefined) throw new Error(failed + refusalText(command, answer))
    } else {
      const accepted = waiter.acceptors.find((one) => accepts(one, answer.members))
      if (accepted?.state === 'success') return ''
      if (accepted?.state === 'failure') throw new Error(failed + terminal(accepted))
    }
    await sleep(LOOK_EVERY)
  }
  throw new Error(`${failed}Max attempts exceeded`)
}

function accepts({ matcher, argument, expected }: Acceptor, members: Record<string, unknown>): boolean {
  return matcher === 'path' && argument !== undefined && search(members, argument) === expected
}

function terminal({ argument, expected }: Acceptor): string {
  return `Waiter encountered a terminal failure state: For expression "${argument}" matched expected path: "${String(expected)}"`
}
