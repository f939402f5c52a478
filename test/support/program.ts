import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { fingerprint } from '../../scripts/fingerprint.mjs'
import { ROOT } from './repository.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the program as it is shipped, made from the present sources: `cli.js`, and `child.js` of the kill tests. */
    program: string
  }
}

const MADE = join(ROOT, 'node_modules/.cache/callmanager-program')
const DAY_MS = 86_400_000

/** Each set of sources in a folder of its own, kept for the next run: other runs may be under way beside this one. */
export async function setup(project: TestProject): Promise<void> {
  const made = join(
    MADE,
    fingerprint(ROOT, ['contract', 'server', 'test', 'package.json', 'package-lock.json']),
  )
  project.provide('program', join(made, 'server'))
  if (existsSync(made)) return
  mkdirSync(MADE, { recursive: true })
  forget()
  const fresh = mkdtempSync(join(MADE, 'fresh-'))
  await build({
    configFile: join(ROOT, 'server/vite.config.ts'),
    build: {
      outDir: join(fresh, 'server'),
      rolldownOptions: { input: { child: join(ROOT, 'test/kill/child.ts') } },
    },
  })
  // Where the program looks for its pages.
  symlinkSync(join(ROOT, 'dist/web'), join(fresh, 'web'))
  try {
    renameSync(fresh, made)
  } catch (error) {
    // Another run was first.
    if (!existsSync(made)) throw error
    rmSync(fresh, { recursive: true })
  }
}

/** Removes what was made for sources of days ago. */
function forget(): void {
  for (const name of readdirSync(MADE)) {
    const folder = join(MADE, name)
    if (Date.now() - statSync(folder).mtimeMs > DAY_MS) rmSync(folder, { recursive: true, force: true })
  }
}
