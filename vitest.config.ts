import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contract,server,web,test,bench,scripts}/**/*.test.ts'],
    // One MariaDB for the run, where it is installed; and one log, searched at the end for what no log may hold.
    globalSetup: ['test/support/engines.ts', 'test/support/log-check.ts'],
    pool: 'forks',
    // Some tests start a MariaDB or a whole server: few at a time, and patient.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    watch: false,
  },
})
