import type { FastifyRequest } from 'fastify'
import type { Page } from '../../contract/paging.ts'

/** A page with the address of the next: the one that was asked, from where this page ends. */
export function answerPage<Item>(request: FastifyRequest, { items, cursor }: Page<Item>) {
  if (cursor === null) return { items, next: null }
  const [path = '', query = ''] = request.url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return { items, next: `${path}?${parameters}` }
}
