import { setTimeout as sleep } from 'node:timers/promises'
import type { SSEReplyInterface } from '@fastify/sse'
import type { FastifyRequest } from 'fastify'
import type { Job } from '../../../contract/jobs.ts'
import { AppError } from '../../domain/errors.ts'
import type { Agent } from '../../helpdesk/helpdesk.ts'
import type { Viewer } from '../../jobs/jobs.ts'
import { askerOf } from '../../plugins/asker.ts'
import type { Authenticate } from '../../plugins/session.ts'

const LOOK_MS = 250
/** A session that ends, or a right that is withdrawn, ends its streams within this. */
const RECHECK_MS = 5000
/** Open streams of a process; each looks at its job four times a second. */
const MAX_STREAMS = 100
const RETRY_AFTER_S = 5

interface Dependencies {
  read(viewer: Viewer, id: number): Promise<Job>
  authenticate: Authenticate
}

/** Streams that follow jobs by looking at their rows, so that any process can serve them, whichever does the work. */
export function jobEvents({ read, authenticate }: Dependencies) {
  const closing = new AbortController()
  let streams = 0

  async function follow(
    request: FastifyRequest,
    stream: SSEReplyInterface,
    id: number,
    viewerOf: (agent: Agent) => Viewer,
  ): Promise<void> {
    let viewer = viewerOf(askerOf(request).agent)
    let told = ''
    let checked = performance.now()
    // Before the first event, so that a job that is not there is answered as such.
    let job = await read(viewer, id)
    while (stream.isConnected && !closing.signal.aborted) {
      const ended = job.finishedAt !== null
      const data = JSON.stringify(job)
      if (data !== told || ended) await stream.send({ event: ended ? 'end' : 'progress', data: job })
      if (ended) return
      told = data
      await sleep(LOOK_MS, undefined, { signal: closing.signal }).catch(() => {})
      try {
        if (performance.now() - checked > RECHECK_MS) {
          viewer = viewerOf((await authenticate(request, 'watch')).agent)
          checked = performance.now()
        }
        job = await read(viewer, id)
      } catch (error) {
        // Nothing can be answered any more; who asks again is told what is the matter.
        if (error instanceof AppError) return
        throw error
      }
    }
  }

  return {
    /** Sends what happens to a job until it has ended. */
    async send(...args: Parameters<typeof follow>): Promise<void> {
      if (streams >= MAX_STREAMS) throw new AppError('overloaded', { retryAfter: RETRY_AFTER_S })
      streams++
      try {
        await follow(...args)
      } finally {
        streams--
      }
    },
    /** Ends every stream: the server stops. */
    end: () => closing.abort(),
  }
}
