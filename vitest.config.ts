import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contract,server,web,test,bench,scripts}/**/*.test.ts'],
    // One MariaDB for the run, where it is installed.
    globalSetup: 'test/support/engines.ts',
    pool: 'forks',
    // Some tests start a MariaDB or a whole server: few at a time, and patient.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    watch: false,
  },
})
