// A deployed function, looked at with the caller's own identity: the guide's verification list.

import type { PublicAccess } from '../cloud.ts'
import { isAnswer, type UrlAnswer } from '../health.ts'
import type { Live, LiveFunction } from '../live.ts'
import { attempt } from './attempt.ts'
import { type Check, failed, passed, untold } from './check.ts'

/** Every method throws Refusal. */
export interface DeployedCloud {
  look(functionName: string): Promise<Live>
  readPublicAccess(functionName: string): Promise<PublicAccess>
  /** Name of the stream with the newest event; undefined if group or stream are not there. */
  newestLogStream(group: string): Promise<string | undefined>
}

export interface DeployedQuestion {
  readonly cloud: DeployedCloud
  readonly functionName: string
  /** URI of the repository whose image it should be; undefined if any will do. */
  readonly repositoryUri: string | undefined
  /** Path that is called, or `none`. */
  readonly healthCheckPath: string
  probe(url: string): Promise<UrlAnswer | undefined>
}

const titles = {
  function: 'The function exists, is active, and runs an image of the repository',
  url: 'It has a Function URL with auth type NONE',
  statements: 'Both public statements are there',
  answer: 'The program answers on the URL',
  log: 'The function writes its log',
}

export async function examineDeployed(question: DeployedQuestion): Promise<readonly Check[]> {
  const { cloud, functionName } = question
  const looked = await attempt(cloud.look(functionName))
  if (!looked.ok) return [untold('deployed-function', titles.function, { reason: looked.refusal.detail })]
  if (looked.value.kind === 'hidden')
    return [
      untold('deployed-function', titles.function, {
        reason: looked.value.reason,
        permission: 'lambda:GetFunction for yourself',
      }),
    ]
  if (looked.value.kind === 'absent')
    return [
      failed('deployed-function', titles.function, {
        code: 'DCF-DEPLOYED-MISSING',
        detail: `There is no function \`${functionName}\` in this account and region.`,
        help: 'Check --function-name and --aws-region; then look at the run that should have deployed it.',
      }),
    ]
  const found = looked.value.function
  return [
    checkFunction(question, found),
    checkUrl(found),
    await checkStatements(question),
    await checkAnswer(question, found),
    await checkLog(question),
  ]
}

function checkFunction({ repositoryUri }: DeployedQuestion, found: LiveFunction): Check {
  const id = 'deployed-function'
  if (found.packageType !== 'Image')
    return failed(id, titles.function, {
      code: 'DCF-FUNCTION-ZIP',
      detail: `Its package type is ${found.packageType}.`,
      help: 'It was not deployed from an image; deploy under another name.',
    })
  const image = found.imageUri ?? ''
  if (
    repositoryUri !== undefined &&
    !image.startsWith(`${repositoryUri}@`) &&
    !image.startsWith(`${repositoryUri}:`)
  )
    return failed(id, titles.function, {
      code: 'DCF-DEPLOYED-IMAGE',
      detail: `Its image is \`${image}\`, not one of \`${repositoryUri}\`.`,
      help: 'Deploy it again with this `ecr-repository-uri`, or compare with the repository that it came from.',
    })
  if (found.state === 'Failed' || found.lastUpdateStatus === 'Failed')
    return failed(id, titles.function, {
      code: 'DCF-FUNCTION-FAILED',
      detail: `State ${found.state}, last update ${found.lastUpdateStatus}.`,
      help: 'Deploy again; `aws lambda get-function` shows the reason.',
    })
  return passed(id, titles.function, `${found.arn}, ${image}`)
}

function checkUrl({ url }: LiveFunction): Check {
  const id = 'deployed-url'
  if (url.kind === 'hidden')
    return untold(id, titles.url, {
      reason: 'The URL cannot be looked at.',
      permission: 'lambda:GetFunctionUrlConfig for yourself',
    })
  if (url.kind === 'none')
    return failed(id, titles.url, {
      code: 'DCF-URL-MISSING',
      detail: 'The function has no Function URL.',
      help: 'Deploy again: the build makes one.',
    })
  if (url.authType !== 'NONE')
    return failed(id, titles.url, {
      code: 'DCF-FUNCTION-URL-IAM',
      detail: `The auth type of ${url.address} is ${url.authType}.`,
      help: 'Set it to NONE if the function shall be public.',
    })
  return passed(id, titles.url, url.address)
}

async function checkStatements({ cloud, functionName }: DeployedQuestion): Promise<Check> {
  const id = 'deployed-statements'
  const access = await attempt(cloud.readPublicAccess(functionName))
  if (!access.ok) return untold(id, titles.statements, { reason: access.refusal.detail })
  if (access.value.kind === 'hidden')
    return untold(id, titles.statements, {
      reason: 'The policy of the function cannot be looked at.',
      permission: 'lambda:GetPolicy for yourself',
    })
  const missing = [
    ...(access.value.url ? [] : ['lambda:InvokeFunctionUrl']),
    ...(access.value.invoke ? [] : ['lambda:InvokeFunction']),
  ]
  if (missing.length === 0)
    return passed(id, titles.statements, 'lambda:InvokeFunctionUrl and lambda:InvokeFunction')
  return failed(id, titles.statements, {
    code: 'DCF-URL-NOT-PUBLIC',
    detail: `There is no public statement for ${missing.join(' and ')}, so that the URL answers 403.`,
    help: 'Deploy again: the build adds both statements every time.',
  })
}

async function checkAnswer(
  { healthCheckPath, probe }: DeployedQuestion,
  { url }: LiveFunction,
): Promise<Check> {
  const id = 'deployed-answer'
  if (url.kind !== 'url') return untold(id, titles.answer, { reason: 'No URL is known.' })
  if (healthCheckPath === 'none')
    return untold(id, titles.answer, { reason: 'The health check is switched off.' })
  const address = url.address.replace(/\/$/, '') + healthCheckPath
  const answer = await probe(address)
  if (answer !== undefined && isAnswer(answer))
    return passed(id, titles.answer, `${address}: status ${answer.status}`)
  return failed(id, titles.answer, {
    code: 'DCF-HEALTH-CHECK-FIRST',
    detail:
      answer === undefined
        ? `${address} does not answer.`
        : `${address} answers with status ${answer.status}.`,
    help: 'Read `aws logs tail /aws/lambda/NAME`: does the program listen on PORT, on all addresses?',
  })
}

async function checkLog({ cloud, functionName }: DeployedQuestion): Promise<Check> {
  const id = 'deployed-log'
  const group = `/aws/lambda/${functionName}`
  const stream = await attempt(cloud.newestLogStream(group))
  if (!stream.ok)
    return untold(id, titles.log, {
      reason: stream.refusal.detail,
      permission: `logs:DescribeLogStreams on ${group} for yourself`,
    })
  if (stream.value !== undefined) return passed(id, titles.log, `${group}: ${stream.value}`)
  return failed(id, titles.log, {
    code: 'DCF-DEPLOYED-LOG',
    detail: `${group} has no log stream, although the function was called.`,
    help: 'Give the execution role the statement WriteLambdaLogs of policies/lambda-execution-role-policy.json.',
  })
}
