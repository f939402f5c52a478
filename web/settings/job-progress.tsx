import type { Job } from '../../contract/jobs.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import type { Words } from '../locales/en.ts'
import type { FollowedJob } from './use-job.ts'

/** How far a job is, while it is at work. */
export function JobProgress({ followed: { job, failure } }: { followed: FollowedJob }) {
  const { client, words, formats } = useFrame()
  const text = words.transfer.jobs
  const cancel = useAction(() => client.send('DELETE', `jobs/${job.id}`))
  const { total, done } = job
  const label = titleOf(job, words)
  return (
    <div class="job">
      <p class="spread">
        <strong>{label}</strong>
        <span class="hint">{text.by(job.startedBy.name, formats.moment(job.createdAt))}</span>
      </p>
      {failure && <FailureNotice failure={failure} />}
      {/* What it is asked to do is an estimate of a file until the end. */}
      <progress
        aria-label={label}
        max={Math.max(total, done, 1)}
        {...(job.state === 'waiting' ? {} : { value: done })}
      />
      <div class="spread">
        <span>
          {job.state === 'waiting'
            ? text.states.waiting
            : text.progress(formats.number(done), formats.number(Math.max(total, done)))}
          {job.failed > 0 && ` · ${text.refusedSoFar(job.failed)}`}
        </span>
        <Button busy={cancel.busy} onClick={() => cancel.run()}>
          {text.cancel}
        </Button>
      </div>
      {cancel.failure && <FailureNotice failure={cancel.failure} />}
      <p class="hint">{text.goesOn}</p>
    </div>
  )
}

/** What a job is, such as "Import (dry run)". */
export function titleOf(
  { kind, dryRun }: Pick<Job, 'kind' | 'dryRun'>,
  { transfer: { jobs } }: Words,
): string {
  return dryRun ? jobs.dryKinds[kind] : jobs.kinds[kind]
}
