import { useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { ExportForm } from './export-form.tsx'
import { Import } from './import.tsx'
import { RecentJobs } from './recent-jobs.tsx'
import { hasEnded } from './use-job.ts'

const FEW = 10
const MANY = 100

interface JobPage {
  items: Job[]
  next: string | null
}

/** People and RIOs from files and into files, and the work that was done lately. */
export function TransferTab() {
  const { client, session } = useFrame()
  const [limit, setLimit] = useState(FEW)
  const jobs = useResource(
    async (signal) => (await client.get<JobPage>('jobs', { limit }, signal)).body,
    [limit],
  )
  const atWork = jobs.data?.items.find((job) => job.kind === 'import' && !hasEnded(job)) ?? null
  return (
    <>
      <Import atWork={atWork} onEnd={jobs.retry} />
      {session.can.lookUp && <ExportForm />}
      <RecentJobs jobs={jobs} onMore={limit === FEW && jobs.data?.next ? () => setLimit(MANY) : undefined} />
    </>
  )
}
