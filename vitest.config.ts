import { defineConfig } from 'vitest/config'

// The suites that need more than Node have configurations of their own: act, containers, conformance, cloudformation.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/act/**',
      'test/containers/**',
      'test/conformance/**',
      'test/cloudformation/**',
      'test/source/oracles/**',
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
