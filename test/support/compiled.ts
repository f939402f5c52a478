import { join } from 'node:path'
import { ROOT } from './repository.ts'

/** The environment of the tests' processes: what an earlier one has compiled, a run before included, need not be again. */
export const COMPILED = {
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/callmanager'),
}
