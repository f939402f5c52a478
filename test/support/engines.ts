import type { TestProject } from 'vitest/node'
import { COMPILED } from './compiled.ts'
import { startMariaDb } from './mariadb.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket of the run's MariaDB; empty where none is installed. */
    mariadbSocket: string
  }
}

/** What is lost when the machine loses its power is not tested here: a commit need not reach the disk. */
const QUICK = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--innodb-buffer-pool-size=512M',
  '--innodb-log-file-size=512M',
]

/** One MariaDB for the whole run; each test file makes databases of its own on it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Before the processes of the test files are started.
  Object.assign(process.env, COMPILED)
  const mariadb = await startMariaDb(QUICK)
  if (mariadb === undefined && process.env.CI === 'true') {
    throw new Error(
      'MariaDB is not installed, and a CI run without it would prove nothing: apt-get install mariadb-server',
    )
  }
  project.provide('mariadbSocket', mariadb?.socket ?? '')
  return async () => mariadb?.stop()
}
