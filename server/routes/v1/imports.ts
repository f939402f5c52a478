import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ImportQuery } from '../../../contract/imports.ts'
import { Job } from '../../../contract/jobs.ts'
import { AppError } from '../../domain/errors.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { validate } from '../../plugins/validate.ts'
import { viewerOf } from './jobs.ts'

export interface ImportOptions {
  jobs: Pick<Jobs, 'read'>
  /** Keeps a file and makes it an import that waits; answers the job's id. */
  startImport(agent: Agent, query: ImportQuery, source: AsyncIterable<Uint8Array>): Promise<number>
  /** Has what waits begun. */
  startJobs(): void
  /** Where jobs are read, such as `/plugins/callmanager/api/v1/jobs`. */
  jobsUrl: string
}

/** Some two million lines. */
const MAX_BYTES = 200 * 1024 * 1024

const CsvBody = Type.String({ description: 'The file: CSV with a header row' })

/** `POST api/v1/imports`: people or RIOs from a CSV file, which is kept as it arrives and never whole in memory. */
export const importRoutes: FastifyPluginAsyncTypebox<ImportOptions> = async (
  scope,
  { jobs, startImport, startJobs, jobsUrl },
) => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(['text/csv', 'application/octet-stream'], (_request, _file, done) => done(null))

  scope.post(
    '/imports',
    {
      bodyLimit: MAX_BYTES,
      // What is in the file is looked at as it arrives.
      validatorCompiler: (route) => (route.httpPart === 'body' ? () => true : validate(route)),
      schema: {
        operationId: 'startImport',
        tags: ['Jobs'],
        summary: 'Import people or RIOs from a CSV file',
        description:
          'Good lines are kept, bad ones are told in the report of the job; the same file twice changes nothing the second time. Needs UPDATE on `plugin_callmanager_config`, READ and UPDATE on `plugin_callmanager_access`, and CREATE on `user` unless only RIOs are imported.',
        security: SESSION_SECURITY,
        querystring: ImportQuery,
        body: {
          content: { 'text/csv': { schema: CsvBody }, 'application/octet-stream': { schema: CsvBody } },
        },
        response: { 202: Job, ...problems(400, 401, 403, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      const viewer = viewerOf(agent)
      const id = await startImport(agent, request.query, fileOf(request)).catch((error: unknown) => {
        // The rest of the file may still be on its way; the answer is not to wait for it.
        request.raw.resume()
        reply.header('connection', 'close')
        throw error
      })
      startJobs()
      return reply
        .code(202)
        .header('location', `${jobsUrl}/${id}`)
        .send(await jobs.read(viewer, id))
    },
  )
}

/** The file as it arrives. Its connection outlives it, so that a refusal can be answered. */
async function* fileOf({ raw }: FastifyRequest): AsyncGenerator<Uint8Array> {
  let bytes = 0
  const arriving: AsyncIterable<Uint8Array> = raw.iterator({ destroyOnReturn: false })
  try {
    for await (const chunk of arriving) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new AppError('body-too-large')
      yield chunk
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('request-malformed', { detail: 'the file did not arrive whole', cause: error })
  }
}
