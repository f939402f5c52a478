import type { Job } from '../../contract/jobs.ts'
import type { StorageMethod } from '../../contract/storage-method.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { MethodPlaces } from './method-places.tsx'
import { MethodWork } from './method-work.tsx'

interface JobPage {
  items: Job[]
}

/** Where RIOs are kept: what each place holds, and keeping them elsewhere. */
export function MethodTab({ onChanged }: { onChanged: () => void }) {
  const { client } = useFrame()
  const standing = useResource(async (signal) => {
    const [use, jobs] = await Promise.all([
      client.get<StorageMethod>('storage-method', {}, signal),
      client.get<JobPage>('jobs', { limit: 100 }, signal),
    ])
    return { use: use.body, jobs: jobs.body.items.filter(({ kind }) => kind !== 'import') }
  }, [])
  const { data } = standing
  return (
    <>
      {standing.state === 'failed' && <FailureNotice failure={standing.failure} onRetry={standing.retry} />}
      {data === undefined && standing.state === 'loading' && <Waiting />}
      {data && (
        <>
          <MethodPlaces use={data.use} />
          <MethodWork
            use={data.use}
            jobs={data.jobs}
            onChanged={() => {
              standing.retry()
              onChanged()
            }}
          />
        </>
      )}
    </>
  )
}
