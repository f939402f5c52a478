import { hash } from 'node:crypto'
import { stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'

/** Writes the cookie of sessions that are opened here; named as the host's are, one name for each sub-directory. */
export function sessionCookie(basePath: string) {
  const name = `glpi_${hash('md5', `callmanager ${basePath}`)}`
  const write = (request: FastifyRequest, value: string, more: { maxAge?: number } = {}): string =>
    stringifySetCookie({
      name,
      value,
      path: basePath === '' ? '/' : basePath,
      httpOnly: true,
      sameSite: 'lax',
      secure: request.protocol === 'https',
      ...more,
    })
  return {
    /** The Set-Cookie header that opens a session; it ends with the browser, or when it is not used. */
    open: (request: FastifyRequest, token: string): string => write(request, token),
    /** The Set-Cookie header that makes the browser forget it. */
    close: (request: FastifyRequest): string => write(request, '', { maxAge: 0 }),
  }
}

export type SessionCookie = ReturnType<typeof sessionCookie>
