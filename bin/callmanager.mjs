#!/usr/bin/env -S node --max-semi-space-size=2
// The program itself does not load on an older Node, and so could not say that it is too old.
const NEEDED = 24

if (Number.parseInt(process.versions.node, 10) >= NEEDED) await import('../dist/server/cli.js')
else {
  console.error(
    `Call Manager needs Node.js ${NEEDED} or later; this is ${process.versions.node}. Install it from https://nodejs.org.`,
  )
  process.exitCode = 1
}
