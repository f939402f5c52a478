// Compiles the TypeScript to dist/, when something in it changed.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { command, root } from './command.mjs'
import { filesBelow, fingerprint, isStamped } from './fingerprint.mjs'
import { setup } from './setup.mjs'

const inputs = ['contract', 'server', 'web', 'tsconfig.json', 'tsconfig.build.json', 'package.json']
const others = ['package-lock.json', 'scripts/build.mjs']

/** Leaves a dist/ that belongs to the present sources. Throws an Error whose message is for people. */
export function build(node24) {
  const dist = join(root, 'dist')
  const print = fingerprint(root, [...inputs, ...others])
  if (isStamped(join(dist, '.stamp'), print)) return

  console.log('Building …')
  // Made aside and moved at the end: a server that runs from dist/ never sees half of it.
  const fresh = join(root, 'node_modules', '.dist')
  rmSync(fresh, { recursive: true, force: true })
  compile(node24, fresh)
  copyStatic(fresh)
  chmodSync(join(fresh, 'server', 'cli.js'), 0o755)
  writeFileSync(join(fresh, '.stamp'), print)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}

function compile(node24, outDir) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir]
  const { status } = spawnSync(node24, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('The build failed: tsc names the lines above.')
}

function copyStatic(outDir) {
  for (const file of filesBelow(root, 'server').filter((file) => file.includes(`${sep}static${sep}`))) {
    mkdirSync(dirname(join(outDir, file)), { recursive: true })
    cpSync(join(root, file), join(outDir, file))
  }
}

command(import.meta.url, () => build(setup()))
