// Codes for what is wrong with the inputs, the environment and the event, before any call is made.
import type { Entry } from './entry.ts'

export const inputsCatalogue = {
  'DCF-INPUT-MISSING': {
    stage: 'inputs',
    title: 'A required input is missing',
    cause:
      'The step has no value for it: the line is absent from `with:`, or an expression such as `${{ vars.NAME }}` came out empty.',
    remedy:
      'Give the input a value under `with:`, or check that the variable it reads is defined for this repository and environment.',
  },
  'DCF-INPUT-INVALID': {
    stage: 'inputs',
    title: 'An input has a value that it cannot take',
    cause: 'The value does not have the form that the input asks for.',
    remedy: 'Write the value in the form that the message shows.',
  },
  'DCF-INPUT-UNKNOWN': {
    stage: 'inputs',
    title: 'An option or a command is not known',
    cause: 'It is misspelt, or it belongs to another command.',
    remedy: 'Ask the command itself with `--help`.',
  },
  'DCF-INPUT-DISAGREE': {
    stage: 'inputs',
    title: 'Two inputs name different accounts, regions or partitions',
    cause: 'The values come from two environments, or one was copied from an example.',
    remedy:
      'Role, execution role, ECR repository and region must belong to one account, one region and one partition.',
  },
  'DCF-ENDPOINT-NOT-LOOPBACK': {
    stage: 'inputs',
    title: 'An endpoint is not a loopback address',
    cause:
      'An endpoint receives the OIDC token and the archive, so only an emulator on this machine may stand in for AWS.',
    remedy:
      'Use a literal loopback address such as `http://127.0.0.1:4566`, or remove the endpoint to talk to AWS.',
  },
  'DCF-TLS-VERIFICATION-OFF': {
    stage: 'inputs',
    title: 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off',
    cause: 'With it anybody on the way could read the OIDC token.',
    remedy:
      'Remove NODE_TLS_REJECT_UNAUTHORIZED from the environment; give a private certificate authority in NODE_EXTRA_CA_CERTS.',
  },
  'DCF-ENVIRONMENT-VARIABLES': {
    stage: 'inputs',
    title: 'An environment variable of the function cannot be set',
    cause:
      'Lambda reserves the name, limits its form, or the values together are larger than Lambda (4 KB) or StartBuild (4,096 characters a value) takes.',
    remedy:
      'Rename or shorten it; large or secret values belong in Parameter Store or Secrets Manager, read by the program with its execution role.',
  },
  'DCF-BUILD-VARIABLES-TOO-LARGE': {
    stage: 'inputs',
    title: 'The variables of the build are larger than CodeBuild takes',
    cause: 'CodeBuild takes about 5,500 characters of variables in one build.',
    remedy: 'Shorten `environment-variables`, `artifact-key` or `image-tag`.',
  },
  'DCF-EVENT-REFUSED': {
    stage: 'event',
    title: 'This event may not deploy',
    cause:
      '`pull_request_target`, and `workflow_run` after a run from a fork, give code of strangers the rights of this repository.',
    remedy: 'Deploy on `push` or `workflow_dispatch`; for previews use `pull_request`.',
  },
  'DCF-EVENT-PULL-REQUEST': {
    stage: 'event',
    title: 'The number of the pull request is not known',
    cause: 'The event is `pull_request`, but its payload (GITHUB_EVENT_PATH) has no number.',
    remedy:
      'Run it from a real `pull_request` event; with act, give an event file with a top-level `number`.',
  },
  'DCF-REPOSITORY-ID-MISSING': {
    stage: 'event',
    title: 'GITHUB_REPOSITORY_ID is missing',
    cause: 'The mark on the function names this repository by its id. GitHub always sets it; act does not.',
    remedy:
      'With act run it through `dcf-lambda sandbox -- act ...`, or pass `--env GITHUB_REPOSITORY_ID=1`.',
  },
  'DCF-RUNNER-FILE': {
    stage: 'inputs',
    title: 'A file of the runner cannot be written',
    cause: 'GITHUB_OUTPUT, GITHUB_STATE or GITHUB_STEP_SUMMARY names a file that is missing or read-only.',
    remedy: "Check the free space and the rights of the runner's work folder (RUNNER_TEMP).",
  },
} as const satisfies Record<string, Entry>
