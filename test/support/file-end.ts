import { afterAll } from 'vitest'
import { closeAll } from './after-file.ts'

// Vitest runs this before each test file, which the hook then belongs to.
afterAll(closeAll)
