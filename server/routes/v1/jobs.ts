import { Readable } from 'node:stream'
import { fastifySSE } from '@fastify/sse'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Job, JobPage } from '../../../contract/jobs.ts'
import { IdParams, PageQuery } from '../../../contract/paging.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import type { Jobs, Viewer } from '../../jobs/jobs.ts'
import { askerOf } from '../../plugins/asker.ts'
import { csvAnswer, csvHeaders } from '../../plugins/csv-answer.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { answerPage } from '../../plugins/paging.ts'
import type { Authenticate } from '../../plugins/session.ts'
import { jobEvents } from './job-events.ts'

interface Options {
  jobs: Jobs
  authenticate: Authenticate
}

const NEEDED = 'Needs UPDATE on `plugin_callmanager_config`.'
const WHOSE = `${NEEDED} Jobs of others are seen by whoever sees every entity.`
const HEARTBEAT_MS = 15_000

/** Whose jobs an agent sees. Throws `right-missing`. */
export function viewerOf({ id, rights, scope }: Agent): Viewer {
  demandRight(missingForConfig(rights))
  return { usersId: id, all: scope.all }
}

const viewer = (request: FastifyRequest): Viewer => viewerOf(askerOf(request).agent)

/** `api/v1/jobs`: long work, how far it is, what came of it. */
export const jobRoutes: FastifyPluginAsyncTypebox<Options> = async (scope, { jobs, authenticate }) => {
  await scope.register(fastifySSE, { heartbeatInterval: HEARTBEAT_MS })
  const events = jobEvents({ read: jobs.read, authenticate })
  scope.addHook('preClose', async () => events.end())

  scope.get(
    '/jobs',
    {
      schema: {
        operationId: 'listJobs',
        tags: ['Jobs'],
        summary: 'List jobs, newest first',
        description: `${WHOSE} Ended jobs are kept for 90 days.`,
        security: SESSION_SECURITY,
        querystring: PageQuery,
        response: { 200: JobPage, ...problems(400, 401, 403, 422) },
      },
    },
    async (request) => answerPage(request, await jobs.list(viewer(request), request.query)),
  )

  scope.get(
    '/jobs/:id',
    {
      schema: {
        operationId: 'readJob',
        tags: ['Jobs'],
        summary: 'Read how far a job is',
        description: WHOSE,
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: Job, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => jobs.read(viewer(request), request.params.id),
  )

  scope.get(
    '/jobs/:id/events',
    {
      sse: 'only',
      schema: {
        operationId: 'followJob',
        tags: ['Jobs'],
        summary: 'Follow a job as it goes on',
        description: `Server-sent events: \`progress\` with the job whenever it got on, at most four a second, and \`end\` with the job when it has ended, with which the stream ends too. It also ends with your session. ${WHOSE}`,
        security: SESSION_SECURITY,
        params: IdParams,
        response: {
          200: {
            description: 'Events, each with the job as JSON',
            content: { 'text/event-stream': { schema: Type.String({ description: 'The events' }) } },
          },
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      await events.send(request, reply.sse, request.params.id, viewerOf)
    },
  )

  scope.get(
    '/jobs/:id/report',
    {
      schema: {
        operationId: 'readJobReport',
        tags: ['Jobs'],
        summary: 'Read what a job refused, line by line',
        description: `CSV with the columns \`line\`, \`column\` and \`reason\`; a header row alone where nothing was refused. ${WHOSE}`,
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: csvAnswer('The lines that were refused'), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const report = await jobs.report(viewer(request), request.params.id)
      return reply.headers(csvHeaders(`job-${request.params.id}-report.csv`)).send(Readable.from(report))
    },
  )

  scope.get(
    '/jobs/:id/undo',
    {
      schema: {
        operationId: 'readJobUndo',
        tags: ['Jobs'],
        summary: 'Read what takes back what a job did',
        description: `CSV; only a change of the storage method leaves one. ${WHOSE}`,
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 200: csvAnswer('What stood there before'), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const undo = await jobs.undo(viewer(request), request.params.id)
      return reply.headers(csvHeaders(`job-${request.params.id}-undo.csv`)).send(Readable.from(undo))
    },
  )

  scope.delete(
    '/jobs/:id',
    {
      schema: {
        operationId: 'cancelJob',
        tags: ['Jobs'],
        summary: 'Cancel a job',
        description: `What it has done stays. ${WHOSE}`,
        security: SESSION_SECURITY,
        params: IdParams,
        response: {
          204: Type.Null({ description: 'It is done' }),
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      await jobs.cancel(viewer(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}
