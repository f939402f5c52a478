import type { FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser sends our cookie along with requests that other sites make it send, so a change by cookie must prove that
 * one of our own pages asks for it: by `Sec-Fetch-Site`, which a page cannot forge, or by an `Origin` that is ours in
 * browsers that do not send that. Throws `origin-refused`.
 */
export function demandSameOrigin(request: FastifyRequest): void {
  if (HARMLESS.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin') return
  if (site === undefined && isOurs(request)) return
  throw new AppError('origin-refused')
}

/** The same for a request that brings its own proof (a login): only what says that it comes from elsewhere is refused. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site === undefined && origin === undefined) return
  demandSameOrigin(request)
}

/** Whether TLS ends at a proxy is not known here, so only hosts are compared; a default port is the same as none. */
function isOurs({ headers: { origin }, host }: FastifyRequest): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false
  const from = new URL(origin)
  const ours = `${from.protocol}//${host}`
  return URL.canParse(ours) && new URL(ours).host === from.host
}
