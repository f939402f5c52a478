import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { findMariaDb, findProgram } from './find-program.ts'

const STARTS_WITHIN_MS = 60_000

/** A MariaDB of our own: nothing but a socket in a temporary folder leads to it. */
export interface MariaDb {
  socket: string
  /** Sends the server a signal. */
  signal(name: NodeJS.Signals): void
  /** Starts a server on the same data, once the one before has ended; resolves when it answers. */
  start(): Promise<void>
  /** Stops the server and removes its folder. */
  stop(): Promise<void>
}

/**
 * The server stands under a shell, which starts one for each line of its input and tells its process id. Whatever way we end
 * (kill -9 included), the kernel closes the pipe, and the shell then kills the server and removes the folder.
 */
const WATCHDOG = `
while read -r _; do
  wait
  "$@" >>"$FOLDER/server.log" 2>&1 &
  server=$!
  echo $server
done
kill -9 $server 2>/dev/null
wait $server 2>/dev/null
rm -rf "$FOLDER"
`

/** Starts a MariaDB, or answers undefined where none is installed. `options` come after our own and win. */
export async function startMariaDb(options: readonly string[] = []): Promise<MariaDb | undefined> {
  const server = findMariaDb()
  const install = findProgram('mariadb-install-db')
  if (server === undefined || install === undefined) return undefined

  const folder = await mkdtemp(join(tmpdir(), 'callmanager-mariadb-'))
  const [data, tmp, socket] = [join(folder, 'data'), join(folder, 'tmp'), join(folder, 'socket')]
  await mkdir(tmp)
  const user = `--user=${userInfo().username}`
  const installed = spawnSync(
    install,
    [
      '--no-defaults',
      `--datadir=${data}`,
      // A server that starts clears away what others have in a folder of temporary tables that they share.
      `--tmpdir=${tmp}`,
      user,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    // Two installations at one moment may name their temporary tables alike.
    { encoding: 'utf8', env: { ...process.env, TMPDIR: tmp } },
  )
  if (installed.status !== 0)
    throw new Error(`mariadb-install-db failed: ${installed.stderr}${installed.stdout}`)

  const watchdog = spawn(
    'sh',
    [
      '-c',
      WATCHDOG,
      'sh',
      server,
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${tmp}`,
      `--socket=${socket}`,
      user,
      '--skip-networking',
      '--skip-log-bin',
      '--performance-schema=OFF',
      '--innodb-buffer-pool-size=64M',
      '--aria-pagecache-buffer-size=8M',
      '--key-buffer-size=1M',
      '--max-connections=300',
      ...options,
    ],
    // A session of its own: a Ctrl-C at the terminal is ours to handle, and the watchdog must outlive us.
    { detached: true, stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, FOLDER: folder } },
  )
  const ended = new Promise<void>((resolve) => watchdog.once('exit', () => resolve()))
  let pid = 0
  const pids = createInterface({ input: watchdog.stdout })[Symbol.asyncIterator]()
  const stop = async () => {
    watchdog.stdin.end()
    await ended
  }

  async function start(): Promise<void> {
    watchdog.stdin.write('start\n')
    pid = Number((await pids.next()).value)
    for (const deadline = performance.now() + STARTS_WITHIN_MS; ; await sleep(50)) {
      try {
        const connection = await createConnection({ user: 'root', socketPath: socket })
        await connection.end()
        return
      } catch (error) {
        if (performance.now() < deadline && watchdog.exitCode === null) continue
        const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '')
        await stop()
        throw new Error(`MariaDB did not start:\n${log}`, { cause: error })
      }
    }
  }
  await start()
  return {
    socket,
    signal(name) {
      process.kill(pid, name)
    },
    start,
    stop,
  }
}
