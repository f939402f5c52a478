import type { TestProject } from 'vitest/node'
import { startMariaDb } from './mariadb.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket of the run's MariaDB; empty where none is installed. */
    mariadbSocket: string
  }
}

/** One MariaDB for the whole run; each test file makes databases of its own on it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mariadb = await startMariaDb()
  if (mariadb === undefined && process.env.CI === 'true') {
    throw new Error(
      'MariaDB is not installed, and a CI run without it would prove nothing: apt-get install mariadb-server',
    )
  }
  project.provide('mariadbSocket', mariadb?.socket ?? '')
  return async () => mariadb?.stop()
}
