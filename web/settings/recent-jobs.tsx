import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import type { Job, JobState } from '../../contract/jobs.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Resource } from '../lib/use-resource.ts'
import { JobOutcome } from './job-outcome.tsx'
import { titleOf } from './job-progress.tsx'
import { hasEnded } from './use-job.ts'

const BADGES: Record<JobState, string> = {
  waiting: 'badge-info',
  running: 'badge-info',
  done: 'badge-success',
  failed: 'badge-error',
  cancelled: 'badge-warning',
}

/** Long work of the last 90 days, newest first. */
export function RecentJobs({
  jobs,
  onMore,
}: {
  jobs: Resource<{ items: Job[] }> & { retry: () => void }
  onMore: (() => void) | undefined
}) {
  const { words } = useFrame()
  const text = words.transfer.jobs
  return (
    <div class="panel">
      <div class="spread">
        <h2>{text.recent}</h2>
        <Button kind="quiet" busy={jobs.state === 'loading'} onClick={jobs.retry}>
          {text.refresh}
        </Button>
      </div>
      {jobs.state === 'failed' && <FailureNotice failure={jobs.failure} onRetry={jobs.retry} />}
      {jobs.data === undefined && jobs.state === 'loading' && <Waiting />}
      {jobs.data?.items.length === 0 && <p class="empty">{text.noneYet}</p>}
      {jobs.data && jobs.data.items.length > 0 && (
        <TableScroll label={text.recent}>
          <table class="jobs">
            <thead>
              <tr>
                <th scope="col">{text.what}</th>
                <th scope="col">{text.state}</th>
                <th scope="col">{text.when}</th>
                <th scope="col">{text.who}</th>
                <th scope="col" class="number">
                  {text.counts.done}
                </th>
                <th scope="col" class="number">
                  {text.counts.failed}
                </th>
                <th scope="col">
                  <span class="visually-hidden">{words.common.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.data.items.map((job) => (
                <JobRow key={job.id} job={job} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {onMore && (
        <div class="buttons">
          <Button onClick={onMore}>{text.more}</Button>
        </div>
      )}
    </div>
  )
}

function JobRow({ job }: { job: Job }) {
  const { words, formats } = useFrame()
  const text = words.transfer.jobs
  const [open, setOpen] = useState(false)
  return (
    <Fragment>
      <tr>
        <th scope="row">{titleOf(job, words)}</th>
        <td>
          <span class={`badge ${BADGES[job.state]}`}>{text.states[job.state]}</span>
        </td>
        <td class="moment">{formats.moment(job.createdAt)}</td>
        <td class="typed">{job.startedBy.name}</td>
        <td class="number">{formats.number(job.done)}</td>
        <td class="number">{formats.number(job.failed)}</td>
        <td>
          {hasEnded(job) && (
            <Button kind="quiet" expanded={open} onClick={() => setOpen(!open)}>
              {text.details}
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <tr class="job-details">
          <td colSpan={7}>
            <JobOutcome job={job} />
          </td>
        </tr>
      )}
    </Fragment>
  )
}
