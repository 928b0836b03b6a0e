import { afterAll, beforeAll } from 'vitest'
import { access } from './stories/access.ts'
import { codebuild } from './stories/codebuild.ts'
import { lambda } from './stories/lambda.ts'
import { logs } from './stories/logs.ts'
import { s3 } from './stories/s3.ts'
import { sts } from './stories/sts.ts'
import { tellStory } from './story.ts'
import { openStage, type Stage } from './target.ts'

let opened: Stage | undefined
beforeAll(async () => {
  opened = await openStage()
})
afterAll(() => opened?.close())

function stage(): Stage {
  if (opened === undefined) throw new Error('the targets are not up')
  return opened
}

for (const story of [sts, s3, codebuild, logs, lambda, access]) tellStory(story, stage)
