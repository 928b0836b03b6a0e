import { defineConfig } from 'vitest/config'

// One act at a time: docker mode names its containers by workflow and job, so two runs of one workflow collide.
export default defineConfig({
  test: {
    include: ['test/act/*.act.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
