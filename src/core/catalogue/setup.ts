// Codes of the commands that prepare an account and a repository, before anything is deployed.
import type { Entry } from './entry.ts'

export const setupCatalogue = {
  'DCF-SETUP-SUBJECT-WILDCARD': {
    stage: 'setup',
    title: 'A branch or environment has a wildcard or a policy variable in its name',
    cause:
      'The trust policy compares the whole `sub` claim. With `*` or `?` it would match nothing (StringEquals) or too much (StringLike), and IAM replaces `${...}`.',
    remedy: 'Name each branch and environment by itself; --branch and --environment can be repeated.',
    texts: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  },
  'DCF-SETUP-ARTIFACT-KEYS': {
    stage: 'setup',
    title: 'Functions that share a bucket have no artifact key each',
    cause:
      "Two functions that upload to one key replace each other's archive while a build is about to download it.",
    remedy:
      'Give one --artifact-key for each --function-name, in the same order, all different; or give none.',
  },
  'DCF-SETUP-REPOSITORY-IDS': {
    stage: 'setup',
    title: 'The ids of the repository and its owner could not be asked of GitHub',
    cause:
      "GitHub's API was not reachable, knows no such repository, or shows a private one only with a token. Repositories made, renamed or transferred after 15 July 2026 send these ids in the token's `sub`, so the trust policy needs them.",
    remedy:
      'Run the command that the message shows where GitHub is reachable, and give its numbers with --repository-id and --owner-id; or set GITHUB_TOKEN.',
  },
  'DCF-SETUP-REPOSITORY-NAME': {
    stage: 'setup',
    title: 'GitHub writes the name of the repository differently',
    cause:
      'It was renamed or transferred, or typed with other capitals. IAM compares `sub` by every letter, so the trust policy names it as GitHub does.',
    remedy: "Nothing is to be done: the files use GitHub's spelling.",
  },
  'DCF-SETUP-FILE-EXISTS': {
    stage: 'setup',
    title: 'A file to be written exists already with other content',
    cause: 'The command ran before with other options, or the file was edited by hand.',
    remedy: 'Compare the two and give --force to replace it, or another folder with --out.',
  },
  'DCF-SETUP-FILE-UNWRITABLE': {
    stage: 'setup',
    title: 'A file or folder cannot be read or written',
    cause: 'The folder is read-only, a part of its path is a file or a link, or the disk is full.',
    remedy: 'Choose a folder in which you may write.',
  },
  'DCF-INIT-NO-FUNCTION': {
    stage: 'setup',
    title: 'No folder holds a pubspec.yaml',
    cause: 'The command looks at the repository in which it runs, and finds no Dart package there.',
    remedy: 'Run it in the repository of the function, or name the folder with --working-directory.',
  },
  'DCF-INIT-SEVERAL-FUNCTIONS': {
    stage: 'setup',
    title: 'Several folders could be the function',
    cause: 'More than one folder below this one holds a pubspec.yaml and a Dockerfile.',
    remedy: 'Run the command once for each, with --working-directory and an --artifact-key of its own.',
  },
  'DCF-DEPLOYED-MISSING': {
    stage: 'result',
    title: 'The function does not exist',
    cause: 'It was never deployed, was removed, or lives in another region or account.',
    remedy: 'Check --function-name and --aws-region; then look at the run that should have deployed it.',
    texts: ['Function not found: arn:aws:lambda'],
  },
  'DCF-DEPLOYED-IMAGE': {
    stage: 'result',
    title: 'The function runs an image of another repository',
    cause: 'Somebody deployed it with another `ecr-repository-uri`, or by hand.',
    remedy: 'Deploy it again with this repository, or ask the doctor about the other one.',
  },
  'DCF-DEPLOYED-LOG': {
    stage: 'result',
    title: 'The function writes no log',
    cause: 'Its execution role lacks the permissions for CloudWatch Logs, or it was never called.',
    remedy:
      'Give the execution role the statement WriteLambdaLogs of the customer guide, and call the function.',
  },
} as const satisfies Record<string, Entry>
