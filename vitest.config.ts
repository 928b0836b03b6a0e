import { defineConfig } from 'vitest/config'

// The suites that need more than Node, or minutes, have configurations of their own.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/act/**',
      'test/containers/**',
      'test/conformance/**',
      'test/cloudformation/**',
      'test/diagnosis/{image,lambda,local,patience,run}.test.ts',
      'test/buildspec/{deploy,function}.test.ts',
      'test/permissions/**',
      'test/doctor/**',
      'test/source/oracles/**',
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
