import { afterAll, beforeAll, describe } from 'vitest'
import { access } from './stories/access.ts'
import { codebuild } from './stories/codebuild.ts'
import { lambda } from './stories/lambda.ts'
import { logs } from './stories/logs.ts'
import { s3 } from './stories/s3.ts'
import { sts } from './stories/sts.ts'
import { tellStory } from './story.ts'
import { openStage, type Stage } from './target.ts'
import { findTools } from './tools.ts'

const stories = [sts, s3, codebuild, logs, lambda, access]
const tools = await findTools()

describe.skipIf(tools === undefined)('the same requests to three targets', () => {
  let opened: Stage | undefined
  let told = 0
  beforeAll(async () => {
    if (tools !== undefined) opened = await openStage(tools)
  })
  afterAll(async () => {
    await opened?.close()
    console.log(`conformance: ${told} of ${stories.length} suites ran`)
  })

  function stage(): Stage {
    if (opened === undefined) throw new Error('the targets are not up')
    told += 1
    return opened
  }

  for (const story of stories) tellStory(story, stage)
})
