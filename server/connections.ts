import type { Server } from 'node:http'

const LOOK_MS = 20

/**
 * Watches a server's requests, and answers how to end its connections: each as soon as nothing is under way on it. A server
 * that is closed does not do so by itself: it waits for connections that fall idle later, and for those that never asked
 * anything, which clients and proxies keep for minutes.
 */
export function watchConnections(server: Server): () => void {
  let underWay = 0
  server.on('request', (_request, response) => {
    underWay++
    response.once('close', () => {
      underWay--
    })
  })

  function endIdle(): void {
    if (underWay === 0) server.closeAllConnections()
    else server.closeIdleConnections()
  }
  return () => {
    const timer = setInterval(endIdle, LOOK_MS)
    server.once('close', () => clearInterval(timer))
  }
}
