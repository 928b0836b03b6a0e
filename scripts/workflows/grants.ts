// What a caller of our actions and reusable workflows must grant; GitHub finds it out only when the workflow runs.
import { type Job, readMapping, readText, type Workflow } from './shape.ts'

const OWN_WORKFLOW = /^(dcf\/aws-lambda-deploy|\.)\/\.github\/workflows\/(deploy|undeploy)\.yml(@|$)/
const OWN_ACTION = /^(dcf\/aws-lambda-deploy(\/undeploy)?@|\.\/(undeploy)?$)/

/** Sentences, one a job that lacks a permission of its own or of the workflow. */
export function findMissingGrants(workflow: Workflow): string[] {
  return workflow.jobs.flatMap((job) => {
    const granted = readMapping(job.body['permissions'] ?? workflow.root['permissions'])
    return listNeeds(job)
      .filter(([scope, level]) => granted[scope] !== level && granted[scope] !== 'write')
      .map(([scope, level]) => `${workflow.path}: job \`${job.id}\` must grant \`${scope}: ${level}\``)
  })
}

function listNeeds(job: Job): [scope: string, level: string][] {
  if (OWN_WORKFLOW.test(readText(job.body['uses']))) {
    return [
      ['contents', 'read'],
      ['id-token', 'write'],
    ]
  }
  const ours = job.steps.filter((step) => OWN_ACTION.test(readText(step['uses'])))
  const needsToken = ours.some((step) => String(readMapping(step['with'])['plan']) !== 'true')
  const checksOut = job.steps.some((step) => readText(step['uses']).startsWith('actions/checkout@'))
  return [
    ...(needsToken ? [['id-token', 'write'] satisfies [string, string]] : []),
    ...(checksOut && ours.length > 0 ? [['contents', 'read'] satisfies [string, string]] : []),
  ]
}
