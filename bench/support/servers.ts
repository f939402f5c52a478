import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface BenchServer {
  address: string
  pid: number
  stop(): Promise<void>
}

/** Starts `file` in a process of its own, with `data` as its only argument; it sends its address once it listens. */
export async function startServer(file: string, data: object): Promise<BenchServer> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(data)], {
    stdio: 'inherit',
  })
  const address = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)))
    child.once('exit', (code) => reject(new Error(`the server stopped with ${code}`)))
  })
  return {
    address,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/** A session of the account that every bench store has. */
export async function logIn(address: string): Promise<string> {
  const response = await fetch(`${address}/apirest.php/initSession`, {
    headers: { authorization: `Basic ${Buffer.from('bench:bench-bench').toString('base64')}` },
  })
  const [, token] = /"session_token":"([^"]+)"/.exec(await response.text()) ?? []
  if (token === undefined) throw new Error('the bench account cannot log in')
  return token
}
