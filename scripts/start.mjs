// npm start: installs and builds what is missing, then shows Call Manager with a demo organisation; what stands behind
// `npm start --` is the demo's, such as `--people 20000`.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { command, root } from './command.mjs'
import { setup } from './setup.mjs'

command(import.meta.url, () => {
  const node24 = setup()
  build(node24)
  // The first option is the one in cli.ts's first line.
  run(node24, [
    '--max-semi-space-size=2',
    '--import',
    './scripts/stop-with-parent.mjs',
    join('dist', 'server', 'cli.js'),
    'demo',
    ...process.argv.slice(2),
  ])
})

function run(node24, args) {
  // One Ctrl-C arrives several times: from the terminal at each process of its group, and once more from npm.
  // The server stands outside the group and hears us only, once.
  const apart = process.platform !== 'win32'
  const server = spawn(node24, args, {
    cwd: root,
    detached: apart,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  let last = Number.NEGATIVE_INFINITY
  const pass = (signal) => {
    const isEcho = performance.now() - last < 1000
    last = performance.now()
    if (apart && !isEcho) server.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal))

  // Who stops npm alone stops the shell between npm and us, and that tells nobody.
  const shell = process.ppid
  const watch = setInterval(() => {
    if (!process.env.npm_lifecycle_event || process.ppid === shell) return
    clearInterval(watch)
    pass('SIGTERM')
  }, 250)
  server.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
