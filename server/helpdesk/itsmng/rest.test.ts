import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createHostRest } from './rest.ts'

const TOKEN = 'a'.repeat(26)
const JSON_TYPE = { 'content-type': 'application/json' }

const stopping: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})

async function hostThat(answers: RequestListener) {
  const server = createServer(answers).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stopping.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens on no port')
  return createHostRest({ url: `http://127.0.0.1:${address.port}`, appToken: '', timeoutMs: 2000 })
}

describe('a host that means no good', () => {
  test('and never ends its answer fills no memory', async () => {
    let sent = 0
    const piece = Buffer.alloc(1 << 20, ' ')
    const rest = await hostThat((_request, response) => {
      response.writeHead(200, JSON_TYPE)
      const go = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
        response.once('drain', go)
      }
      go()
    })
    await expect(rest.send('POST', 'Ticket', TOKEN, {})).rejects.toMatchObject({
      code: 'helpdesk-ill',
      detail: expect.stringMatching(/longer than/),
    })
    expect(sent).toBeLessThan(100 << 20)
  })

  test('and sends a byte now and then is slow, however long it goes on', async () => {
    const rest = await hostThat((_request, response) => {
      response.writeHead(200, JSON_TYPE)
      const timer = setInterval(() => response.write(' '), 100)
      response.once('close', () => clearInterval(timer))
    })
    await expect(rest.get('getFullSession', TOKEN)).rejects.toMatchObject({ code: 'helpdesk-slow' })
  })

  test.each(['file:///etc/passwd', 'http://169.254.169.254/', '//elsewhere.example'])(
    'and points to %s is not followed',
    async (location) => {
      const rest = await hostThat((_request, response) => {
        response.writeHead(302, { location }).end()
      })
      await expect(rest.get('getFullSession', TOKEN)).rejects.toMatchObject({ code: 'helpdesk-ill' })
    },
  )

  test('a session of 20,000 entities is none: ten megabytes are read', async () => {
    const entities = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(480) }))
    const rest = await hostThat((_request, response) => {
      response.writeHead(200, JSON_TYPE).end(JSON.stringify({ entities }))
    })
    await expect(rest.get('getFullSession', TOKEN)).resolves.toEqual({ entities })
  })
})
