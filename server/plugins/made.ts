import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers 201 and says where the new thing stands, below the list that it was added to; answers that address. */
export function answerMade(request: FastifyRequest, reply: FastifyReply, id: number): string {
  const location = `${pathOf(request)}/${id}`
  reply.code(201).header('location', location)
  return location
}

/** The address that was asked, without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}
