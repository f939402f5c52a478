// Bundles the program to dist/server/ and the pages to dist/web/, when something in them changed.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { command, root } from './command.mjs'
import { filesBelow, fingerprint, isStamped } from './fingerprint.mjs'
import { setup } from './setup.mjs'
import { demandSmallPages } from './web-budget.mjs'

const inputs = [
  ...['contract', 'server', 'web', 'tsconfig.json', 'package.json', 'package-lock.json'],
  ...['scripts/build.mjs', 'scripts/web-budget.mjs'],
]

/** Leaves a dist/ that belongs to the present sources. Throws an Error whose message is for people. */
export function build(node24) {
  const dist = join(root, 'dist')
  const print = fingerprint(root, inputs)
  if (isStamped(join(dist, '.stamp'), print)) return

  console.log('Building …')
  // Made aside and moved at the end: a server that runs from dist/ never sees half of it.
  const fresh = join(root, 'node_modules', '.dist')
  rmSync(fresh, { recursive: true, force: true })
  vite(node24, 'server', '--outDir', join(fresh, 'server'))
  buildPages(node24, join(fresh, 'web'))
  chmodSync(join(fresh, 'server', 'cli.js'), 0o755)
  writeFileSync(join(fresh, '.stamp'), print)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}

function vite(node24, room, ...options) {
  const args = [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', room, ...options]
  const { status } = spawnSync(node24, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('The build failed: Vite names the lines above.')
}

function buildPages(node24, outDir) {
  for (const entry of ['app', 'elements']) vite(node24, 'web', '--mode', entry, '--outDir', outDir)
  compress(outDir)
  demandSmallPages(outDir)
}

/** Beside each asset its compressed forms, so that no request pays for it. */
function compress(outDir) {
  for (const file of filesBelow(outDir, 'assets').map((file) => join(outDir, file))) {
    const content = readFileSync(file)
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(`${file}.br`, brotliCompressSync(content))
  }
}

command(import.meta.url, () => build(setup()))
