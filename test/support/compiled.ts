import { fileURLToPath } from 'node:url'

/** The environment of the tests' processes: what an earlier one has compiled, a run before included, need not be again. */
export const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/callmanager', import.meta.url)),
}
