import { defineConfig } from 'vitest/config'

// One file after another: they share the engines, and a build wants the whole machine.
export default defineConfig({
  test: {
    include: ['test/containers/suites/*.containers.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
