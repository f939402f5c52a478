import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DEFAULT_PAGE, IdParams, PageQuery } from '../../../contract/paging.ts'
import {
  Followup,
  FollowupPage,
  FollowupParams,
  IdempotencyHeaders,
  NewFollowup,
  NewTicket,
  Ticket,
  TicketPage,
  UserTicketsQuery,
} from '../../../contract/tickets.ts'
import { requestHash } from '../../domain/idempotency-key.ts'
import type { Helpdesk, Made, Once } from '../../helpdesk/helpdesk.ts'
import type { ShownTicket, TicketReads } from '../../helpdesk/tickets.ts'
import { askerOf } from '../../plugins/asker.ts'
import { answerMade, pathOf } from '../../plugins/made.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'

interface Options {
  helpdesk: Helpdesk
  tickets: TicketReads
}

const MEDIUM = 3

/** `api/v1/tickets` and the tickets of a person, within what the helpdesk lets the agent see. */
export const ticketRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { helpdesk, tickets }) => {
  scope.get(
    '/users/:id/tickets',
    {
      schema: {
        operationId: 'listUserTickets',
        tags: ['Tickets'],
        summary: "List a person's tickets, and count them by status",
        description:
          'Those that the person has asked for and that you may see. Needs READ on `plugin_callmanager_access` and a right to see tickets; the person must lie in your scope. As in ITSM-NG, a list also holds tickets that are assigned to you by the right to own tickets alone, which `GET tickets/{id}` does not show.',
        security: SESSION_SECURITY,
        params: IdParams,
        querystring: UserTicketsQuery,
        response: { 200: TicketPage, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { agent } = askerOf(request)
      const { status = 'all', sort = 'open', limit = DEFAULT_PAGE, cursor } = request.query
      const asked = { status, sort, limit, cursor }
      const { counts, ...page } = await tickets.ofUser(agent, request.params.id, asked)
      return { ...answerPage(request, page), counts }
    },
  )

  scope.get(
    '/tickets/:id',
    {
      schema: {
        operationId: 'readTicket',
        tags: ['Tickets'],
        summary: 'Read a ticket with its newest followups',
        description:
          'Needs READ on `plugin_callmanager_access`, and that the helpdesk lets you see the ticket. Public followups need READ on `followup`, private ones its right to see them; your own are always shown.',
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Ticket, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) =>
      toTicket(pathOf(request), await tickets.one(askerOf(request).agent, request.params.id)),
  )

  scope.get(
    '/tickets/:id/followups',
    {
      schema: {
        operationId: 'listFollowups',
        tags: ['Tickets'],
        summary: "List a ticket's followups, newest first",
        description: 'Needs what reading the ticket needs.',
        security: SESSION_SECURITY,
        params: IdParams,
        querystring: PageQuery,
        response: { 200: FollowupPage, ...problems(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, cursor } = request.query
      const page = await tickets.followups(askerOf(request).agent, request.params.id, limit, cursor)
      return answerPage(request, page)
    },
  )

  scope.get(
    '/tickets/:id/followups/:followupId',
    {
      schema: {
        operationId: 'readFollowup',
        tags: ['Tickets'],
        summary: 'Read a followup',
        description: 'Needs what reading the ticket needs.',
        security: SESSION_SECURITY,
        params: FollowupParams,
        response: { 200: Followup, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { id, followupId } = request.params
      return tickets.followup(askerOf(request).agent, id, followupId)
    },
  )

  scope.post(
    '/tickets',
    {
      schema: {
        operationId: 'createTicket',
        tags: ['Tickets'],
        summary: 'Open a ticket for a caller',
        description:
          'The caller becomes its requester, you its author, and it came in by telephone. Needs READ on `plugin_callmanager_access` and CREATE on `ticket`; the caller and the entity must lie in your scope.',
        security: SESSION_SECURITY,
        headers: IdempotencyHeaders,
        body: NewTicket,
        response: { 201: Ticket, ...problems(400, 401, 403, 404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const { urgency = MEDIUM, categoryId = 0, ...ticket } = request.body
      const once = onceOf(request.headers['idempotency-key'], 'createTicket', request.body)
      const made = await helpdesk.tickets.create(agent, { ...ticket, urgency, categoryId }, once)
      const shown = await tickets.opened(agent, made.id)
      return toTicket(answerOnce(request, reply, made), shown)
    },
  )

  scope.post(
    '/tickets/:id/followups',
    {
      schema: {
        operationId: 'addFollowup',
        tags: ['Tickets'],
        summary: 'Add a followup to a ticket',
        description:
          'Needs what reading the ticket needs, and the right on `followup` to add to tickets like this: all, those of your groups, those assigned to you, or your own. A private one needs the right to see private ones. A closed ticket takes none.',
        security: SESSION_SECURITY,
        params: IdParams,
        headers: IdempotencyHeaders,
        body: NewFollowup,
        response: { 201: Followup, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const { id: ticketId } = request.params
      const { content, private: isPrivate } = request.body
      const asked = { ...request.body, ticketId }
      const once = onceOf(request.headers['idempotency-key'], 'addFollowup', asked)
      const made = await helpdesk.tickets.addFollowup(agent, { ticketId, content, isPrivate }, once)
      answerOnce(request, reply, made)
      return tickets.followup(agent, ticketId, made.id)
    },
  )
}

function onceOf(key: string | undefined, operation: string, asked: object): Once | undefined {
  return key === undefined ? undefined : { key, hash: requestHash(operation, asked) }
}

/** The same whether it was made now or by an earlier request with this key, which a header tells. */
function answerOnce(request: FastifyRequest, reply: FastifyReply, { id, replayed }: Made): string {
  if (replayed) reply.header('idempotency-replayed', 'true')
  return answerMade(request, reply, id)
}

/** A ticket, whose followups go on in a list of their own. */
function toTicket(path: string, { ticket, followups: { items, cursor } }: ShownTicket) {
  const next = cursor === null ? null : `${path}/followups?cursor=${cursor}`
  return { ...ticket, followups: { items, next } }
}
