import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Job } from '../../../contract/jobs.ts'
import { IdParams } from '../../../contract/paging.ts'
import { MethodChange, MethodPreview, StorageMethod } from '../../../contract/storage-method.ts'
import { demandRight, missingForConfig } from '../../domain/rights.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { askerOf } from '../../plugins/asker.ts'
import { problems, SESSION_SECURITY } from '../../plugins/openapi.ts'
import { viewerOf } from './jobs.ts'

export interface StorageMethodOptions {
  readMethodUse(): Promise<StorageMethod>
  jobs: Pick<Jobs, 'read'>
  /** Has a change, or its preview, wait to be done; answers the job's id. */
  startMethodChange(agent: Agent, change: MethodChange & { dryRun: boolean }): Promise<number>
  /** The same for taking back what a job did. */
  startMethodUndo(agent: Agent, jobsId: number): Promise<number>
  /** Has what waits begun. */
  startJobs(): void
  /** Where jobs are read, such as `/plugins/callmanager/api/v1/jobs`. */
  jobsUrl: string
}

const NEEDED =
  'Needs UPDATE on `plugin_callmanager_config` and on `user`, READ and UPDATE on `plugin_callmanager_access`, in every entity there is. One such job at a time.'

/** `api/v1/storage-method`: where RIOs are kept, and keeping them elsewhere. */
export const storageMethodRoutes: FastifyPluginAsyncTypebox<StorageMethodOptions> = async (
  scope,
  { readMethodUse, jobs, startMethodChange, startMethodUndo, startJobs, jobsUrl },
) => {
  scope.get(
    '/storage-method',
    {
      schema: {
        operationId: 'readStorageMethod',
        tags: ['Settings'],
        summary: 'Read where RIOs are kept',
        description:
          'And how many people have something in each of the places. Needs UPDATE on `plugin_callmanager_config`.',
        security: SESSION_SECURITY,
        response: { 200: StorageMethod, ...problems(401, 403) },
      },
    },
    async (request) => {
      demandRight(missingForConfig(askerOf(request).agent.rights))
      return readMethodUse()
    },
  )

  /** A job that was just begun, and where it is. */
  async function begun(request: FastifyRequest, id: number): Promise<{ job: Job; location: string }> {
    startJobs()
    return { job: await jobs.read(viewerOf(askerOf(request).agent), id), location: `${jobsUrl}/${id}` }
  }

  scope.post(
    '/storage-method/preview',
    {
      schema: {
        operationId: 'previewStorageMethod',
        tags: ['Settings'],
        summary: 'Preview a change of where RIOs are kept',
        description: `A job that changes nothing: its \`details\` tell how many RIOs would be copied, how many logins would change, and how many stand in the way of each other; its report tells whose. Accounts that only the helpdesk refuses, because they lie outside of your entities or have more rights than you, show only in the change itself. ${NEEDED}`,
        security: SESSION_SECURITY,
        body: MethodPreview,
        response: { 202: Job, ...problems(400, 401, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const change = { ...request.body, dryRun: true }
      const { job, location } = await begun(request, await startMethodChange(askerOf(request).agent, change))
      return reply.code(202).header('location', location).send(job)
    },
  )

  scope.post(
    '/storage-method/change',
    {
      schema: {
        operationId: 'changeStorageMethod',
        tags: ['Settings'],
        summary: 'Copy RIOs to another place and keep them there',
        description: `A job that copies every RIO, then switches the setting; RIOs are looked up in the old place until then, and it stays as it is. What could not be copied stands in the report. \`GET jobs/{id}/undo\` tells what stood in the new place before. ${NEEDED}`,
        security: SESSION_SECURITY,
        body: MethodChange,
        response: { 202: Job, ...problems(400, 401, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const change = { ...request.body, dryRun: false }
      const { job, location } = await begun(request, await startMethodChange(askerOf(request).agent, change))
      return reply.code(202).header('location', location).send(job)
    },
  )

  scope.post(
    '/jobs/:id/undo',
    {
      schema: {
        operationId: 'undoJob',
        tags: ['Jobs'],
        summary: 'Take a change of the storage method back',
        description: `A job that switches the setting back, then puts the new place back as it was, but for what somebody has changed since, which stands in its report. ${NEEDED}`,
        security: SESSION_SECURITY,
        params: IdParams,
        response: { 202: Job, ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const { agent } = askerOf(request)
      await jobs.read(viewerOf(agent), request.params.id)
      const { job, location } = await begun(request, await startMethodUndo(agent, request.params.id))
      return reply.code(202).header('location', location).send(job)
    },
  )
}
