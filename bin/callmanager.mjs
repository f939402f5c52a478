#!/usr/bin/env -S node --max-semi-space-size=2
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// The program itself does not load on an older Node, and so could not say that it is too old.
const NEEDED = 24
const program = new URL('../dist/server/cli.js', import.meta.url)
const brought = new URL('../node_modules/.bin/', import.meta.url)

if (!existsSync(program)) refuse('Call Manager is not built yet. Run: npm run setup && npm run build')
else if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  const remedy = existsSync(new URL('node', brought))
    ? `It brings its own: export PATH="${fileURLToPath(brought)}:$PATH"`
    : 'Install it from https://nodejs.org.'
  refuse(`Call Manager needs Node.js ${NEEDED} or later; this is ${process.versions.node}. ${remedy}`)
} else await import(program.href)

function refuse(sentence) {
  console.error(sentence)
  process.exitCode = 1
}
