import { defineConfig } from 'vitest/config'

// The stories of one service run against all targets at once; two services at a time would only fight for the processor.
export default defineConfig({
  test: {
    include: ['test/conformance/*.conformance.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 600_000,
    reporters: ['default'],
  },
})
