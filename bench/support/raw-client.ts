import { connect, type Socket } from 'node:net'

/** Asks over one kept-alive connection at a time, as leanly as Node can, so that the server is what is timed. */
async function openConnection(address: string, token: string) {
  const { hostname, port } = new URL(address)
  const socket: Socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  let received = ''
  let answered: ((answer: string) => void) | undefined
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
    if (received.length < headEnd + 4 + length) return
    const answer = received
    received = ''
    answered?.(answer)
  })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    ask: (path: string) =>
      new Promise<string>((resolve) => {
        answered = resolve
        socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nsession-token: ${token}\r\n\r\n`)
      }),
    close: () => socket.destroy(),
  }
}

/** Milliseconds of each of these requests, `connections` of them under way at any time. `check` judges each answer. */
export async function timeRequests(
  address: string,
  {
    paths,
    connections,
    token = 'bench',
    check,
  }: { paths: readonly string[]; connections: number; token?: string; check(answer: string): boolean },
): Promise<number[]> {
  const times: number[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await openConnection(address, token)
      for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
        const started = performance.now()
        const answer = await connection.ask(path)
        times.push(performance.now() - started)
        if (!check(answer)) throw new Error(`${path} was answered ${answer}`)
      }
      connection.close()
    }),
  )
  return times
}
