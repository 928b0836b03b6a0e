// The rules that every workflow of this repository keeps, on top of what actionlint and zizmor look for.
import { isMapping, type Job, type Mapping, readMapping, readText, type Workflow } from './shape.ts'

/** Sentences, one a breach, each starting with the place; empty when the workflow keeps every rule. */
export function findBreaches(workflow: Workflow): string[] {
  return [
    ...findTriggerBreaches(workflow),
    ...findPermissionBreaches(workflow),
    ...findConcurrencyBreaches(workflow),
    ...findSecretBreaches(workflow),
    ...workflow.jobs.flatMap((job) => findJobBreaches(workflow, job)),
  ]
}

function findTriggerBreaches({ path, triggers }: Workflow): string[] {
  return ['pull_request_target', 'workflow_run']
    .filter((trigger) => triggers.includes(trigger))
    .map((trigger) => `${path}: \`${trigger}\` runs with the rights of the repository on another's code`)
}

function findPermissionBreaches({ path, text, root, jobs }: Workflow): string[] {
  const isClosed = isMapping(root['permissions']) && Object.keys(root['permissions']).length === 0
  const undeclared = jobs.filter(({ body }) => !isMapping(body['permissions']))
  const unexplained = text.split('\n').filter((line) => /^\s+[a-z-]+: (read|write)\s*$/.test(line))
  return [
    ...(isClosed ? [] : [`${path}: the top level says something else than \`permissions: {}\``]),
    ...undeclared.map(({ id }) => `${path}: job \`${id}\` does not list its permissions`),
    ...unexplained.map((line) => `${path}: \`${line.trim()}\` has no reason beside it`),
  ]
}

function findConcurrencyBreaches({ path, root, jobs }: Workflow): string[] {
  if (root['concurrency'] !== undefined) return []
  return jobs
    .filter(({ body }) => body['concurrency'] === undefined)
    .map(({ id }) => `${path}: job \`${id}\` is in no concurrency group`)
}

function findSecretBreaches({ path, text, jobs }: Workflow): string[] {
  const holders = jobs.filter(({ body }) => JSON.stringify(body).includes('secrets.'))
  return [
    ...(/secrets:\s*inherit/.test(text) ? [`${path}: \`secrets: inherit\` hands on every secret`] : []),
    ...holders
      .filter(({ body }) => body['environment'] === undefined)
      .map(({ id }) => `${path}: job \`${id}\` reads a secret outside an environment`),
  ]
}

function findJobBreaches({ path, text }: Workflow, { id, body, steps }: Job): string[] {
  const place = `${path}: job \`${id}\``
  if (body['uses'] !== undefined) return findUseBreaches(place, text, body)
  const timeout = body['timeout-minutes'] === undefined ? [`${place} has no \`timeout-minutes\``] : []
  return [...timeout, ...steps.flatMap((step) => findStepBreaches(place, text, step))]
}

function findStepBreaches(place: string, text: string, step: Mapping): string[] {
  const name = readText(step['name'])
  const breaches = name === '' ? [`${place} has a step without a name`] : []
  if (readText(step['run']).includes('${{')) {
    breaches.push(
      `${place}, step \`${name}\`: an expression in \`run\` lets its value be code; pass it by \`env\``,
    )
  }
  const isCheckout = readText(step['uses']).startsWith('actions/checkout@')
  if (isCheckout && readMapping(step['with'])['persist-credentials'] !== false) {
    breaches.push(`${place}, step \`${name}\`: the checkout keeps its credentials`)
  }
  return [...breaches, ...findUseBreaches(place, text, step)]
}

function findUseBreaches(place: string, text: string, { uses }: Mapping): string[] {
  const reference = readText(uses)
  if (reference === '' || reference === './' || reference === './undeploy') return []
  if (/^dcf\/aws-lambda-deploy(\/[^@]+)?@v\d+(\.\d+){0,2}$/.test(reference)) return []
  const isPinned = /@[0-9a-f]{40}$/.test(reference)
  const hasVersion = text
    .split('\n')
    .some((line) => line.includes(reference) && / # v\d+\.\d+\.\d+$/.test(line))
  return isPinned && hasVersion ? [] : [`${place}: \`${reference}\` is not pinned as \`@COMMIT # vX.Y.Z\``]
}
