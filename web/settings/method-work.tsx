import { useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { MethodChange, StorageMethod } from '../../contract/storage-method.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { ApiError } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { JobOutcome } from './job-outcome.tsx'
import { JobProgress } from './job-progress.tsx'
import { MethodForm } from './method-form.tsx'
import { MethodStep } from './method-step.tsx'
import { UndoStep } from './undo-step.tsx'
import { hasEnded, useJob } from './use-job.ts'

export interface Wanted {
  to: RioStorageMethod
  replaces: boolean
}

/** Keeping RIOs elsewhere: choose, preview, change, and take back. A job that somebody else began is shown as well. */
export function MethodWork({
  use,
  jobs,
  onChanged,
}: {
  use: StorageMethod
  jobs: Job[]
  onChanged: () => void
}) {
  const { client, session, words, announce } = useFrame()
  const text = words.settings.method
  const others: RioStorageMethod[] = use.places
    .map(({ method }) => method)
    .filter((one) => one !== use.method)
  const first = others[0] ?? use.method
  const [chosen, setChosen] = useState<Wanted>({ to: first, replaces: false })
  // What was chosen last is where they are kept by now, once it has been changed to.
  const wanted = others.includes(chosen.to) ? chosen : { ...chosen, to: first }
  const [begun, setBegun] = useState<{ job: Job; wanted: Wanted | null } | null>(null)
  // An old preview tells nothing: much may have changed since.
  const found = jobs.find((job) => !job.dryRun || !hasEnded(job)) ?? null
  const newest = begun !== null && begun.job.id >= (found?.id ?? 0) ? begun.job : found
  const followed = useJob(newest, (job) => {
    announce(words.transfer.jobs.states[job.state])
    if (!job.dryRun) onChanged()
  })

  const begin = useAction(async ({ path, body }: { path: string; body?: MethodChange }) => {
    try {
      const { body: job } = await client.send<Job>('POST', path, body === undefined ? {} : { body })
      setBegun({ job, wanted: path.endsWith('/preview') ? wanted : null })
    } catch (error) {
      // What others have begun meanwhile is shown.
      if (error instanceof ApiError && error.code === 'job-running') onChanged()
      throw error
    }
  })

  if (!session.can.editUsers) return <Notice kind="info">{text.needsUsers}</Notice>
  if (!session.showsAllEntities) return <Notice kind="info">{text.needsAll}</Notice>

  const job = followed?.job
  const atWork = job !== undefined && !hasEnded(job)
  const previewed = begun?.wanted && job?.id === begun.job.id && job.state === 'done' ? begun.wanted : null
  const isPreview = previewed !== null && previewed.to === wanted.to && previewed.replaces === wanted.replaces

  return (
    <section class="panel" aria-labelledby="method-title">
      <h2 id="method-title">{text.change}</h2>
      {begin.failure && <FailureNotice failure={begin.failure} />}
      {!atWork && (
        <MethodForm
          others={others}
          wanted={wanted}
          busy={begin.busy}
          onWant={setChosen}
          onPreview={() => begin.run({ path: 'storage-method/preview', body: wanted })}
        />
      )}
      {followed && atWork && <JobProgress followed={followed} />}
      {job && !atWork && (!job.dryRun || isPreview || job.state !== 'done') && (
        <JobOutcome job={job}>
          {isPreview && (
            <MethodStep
              wanted={wanted}
              details={job.details}
              busy={begin.busy}
              onChange={(changesLogins) =>
                begin.run({
                  path: 'storage-method/change',
                  body: { ...wanted, ...(changesLogins && { changesLogins }) },
                })
              }
            />
          )}
          {job.kind === 'method_change' && !job.dryRun && (
            <UndoStep job={job} busy={begin.busy} onUndo={() => begin.run({ path: `jobs/${job.id}/undo` })} />
          )}
        </JobOutcome>
      )}
    </section>
  )
}
