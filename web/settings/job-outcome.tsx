import type { ComponentChildren } from 'preact'
import type { Job } from '../../contract/jobs.ts'
import { Notice } from '../components/notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { Facts } from './facts.tsx'
import { titleOf } from './job-progress.tsx'
import { JobReport } from './job-report.tsx'
import { MethodCounts } from './method-counts.tsx'

/** What came of a job that has ended: counts, what can be done next (`children`), and what was refused. */
export function JobOutcome({ job, children }: { job: Job; children?: ComponentChildren }) {
  const { words, formats } = useFrame()
  const text = words.transfer.jobs
  const { counts } = text
  const head = `${titleOf(job, words)} · ${text.by(job.startedBy.name, formats.moment(job.createdAt))}`
  return (
    <div class="job">
      {job.state === 'failed' && (
        <Notice kind="error" title={text.failed}>
          <p lang="en">{job.problem}</p>
        </Notice>
      )}
      {job.state === 'cancelled' && <Notice kind="warning">{text.cancelled}</Notice>}
      {job.state === 'done' && (
        <Notice kind={job.failed > 0 ? 'warning' : 'success'}>
          {job.dryRun ? text.doneDry : job.failed > 0 ? text.doneInPart : text.done}
        </Notice>
      )}
      <p class="hint">{head}</p>
      {job.notes.map((note) => (
        <p class="typed" key={note}>
          {text.note(note)}
        </p>
      ))}
      {job.kind === 'import' && (
        <Facts
          facts={[
            [counts.lines, job.done],
            [job.dryRun ? counts.wouldCreate : counts.created, job.created],
            [job.dryRun ? counts.wouldChange : counts.changed, job.changed],
            [counts.unchanged, job.unchanged],
            [counts.failed, job.failed],
          ]}
        />
      )}
      {job.kind === 'method_undo' && (
        <Facts
          facts={[
            [counts.undone, job.changed],
            [counts.notUndone, job.failed],
          ]}
        />
      )}
      {job.details && <MethodCounts details={job.details} dryRun={job.dryRun} />}
      {children}
      {job.failed > 0 && <JobReport job={job} />}
    </div>
  )
}
