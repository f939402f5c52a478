import { useEffect, useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import { ApiError, type Client, type Failure } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'

const POLL_MS = 1000
const POLL_WHILE_ILL_MS = 4000

export const hasEnded = ({ finishedAt }: Job) => finishedAt !== null

export interface FollowedJob {
  job: Job
  /** Why it is not known how far it is by now; the job itself goes on. */
  failure: Failure | null
}

/** A job as it goes on. `onEnd` is told once, of a job that was seen at work. */
export function useJob(began: Job | null, onEnd: (job: Job) => void): FollowedJob | null {
  const { client } = useFrame()
  const [followed, setFollowed] = useState<FollowedJob | null>(null)
  const id = began?.id
  useEffect(() => {
    setFollowed(began === null ? null : { job: began, failure: null })
    if (began === null || hasEnded(began)) return
    return followJob(client, began.id, {
      onJob(job) {
        setFollowed({ job, failure: null })
        if (hasEnded(job)) onEnd(job)
      },
      onFailure: (failure) => setFollowed((last) => last && { ...last, failure }),
    })
  }, [id])
  // What was followed before is another job.
  return followed?.job.id === id ? followed : began && { job: began, failure: null }
}

interface Listener {
  onJob: (job: Job) => void
  onFailure: (failure: Failure) => void
}

/** Follows a job until it has ended: as the server tells it, or by asking where that does not work. Answers how to stop. */
function followJob(client: Client, id: number, { onJob, onFailure }: Listener): () => void {
  const abort = new AbortController()
  const stream = new EventSource(client.url(`jobs/${id}/events`))

  function told(event: MessageEvent<string>): void {
    const job: Job = JSON.parse(event.data)
    if (hasEnded(job)) stream.close()
    onJob(job)
  }
  stream.addEventListener('progress', told)
  stream.addEventListener('end', told)
  // A proxy that holds streams back, too many of them, or a session that has ended: asking tells which.
  stream.addEventListener('error', () => {
    stream.close()
    ask().catch(reportError)
  })

  async function ask(): Promise<void> {
    while (!abort.signal.aborted) {
      let wait = POLL_MS
      try {
        const { body } = await client.get<Job>(`jobs/${id}`, {}, abort.signal)
        onJob(body)
        if (hasEnded(body)) return
      } catch (error) {
        if (abort.signal.aborted) return
        if (!(error instanceof ApiError)) throw error
        onFailure(error.failure)
        if (error.code === 'job-unknown') return
        wait = POLL_WHILE_ILL_MS
      }
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }

  return () => {
    abort.abort()
    stream.close()
  }
}
