import { useEffect, useRef, useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { ImportForm } from './import-form.tsx'
import { type ImportChoice, importQuery } from './import-query.ts'
import { JobOutcome } from './job-outcome.tsx'
import { JobProgress } from './job-progress.tsx'
import { hasEnded, useJob } from './use-job.ts'

/** A slow line takes its time for 200 MB. */
const UPLOAD_MS = 30 * 60_000

/** A file of people or RIOs: tried first, then imported. An import that is under way already is shown. */
export function Import({ atWork, onEnd }: { atWork: Job | null; onEnd: () => void }) {
  const { client, session, words, announce } = useFrame()
  const text = words.transfer
  const here = session.managesAccounts
  const [choice, setChoice] = useState<ImportChoice>({
    file: null,
    mode: here && session.can.createUsers ? 'people' : 'rios',
    match: 'auto',
    separator: 'auto',
    encoding: 'auto',
    entity: null,
    dryRun: true,
    clearEmpty: false,
    changeLogins: false,
  })
  const [complains, setComplains] = useState(false)
  const [begun, setBegun] = useState<Job | null>(null)
  const [tried, setTried] = useState<ImportChoice | null>(null)
  const upload = useRef<AbortController | null>(null)
  // One that is under way already, begun here or by somebody else, is shown as if it had been begun now.
  useEffect(() => {
    if (atWork !== null) setBegun((begun) => (begun === null || begun.id < atWork.id ? atWork : begun))
  }, [atWork?.id])
  const followed = useJob(begun, (job) => {
    announce(text.jobs.states[job.state])
    onEnd()
  })

  const begin = useAction(async (chosen: ImportChoice) => {
    setComplains(true)
    if (chosen.file === null) return
    const abort = new AbortController()
    upload.current = abort
    try {
      const { body } = await client.send<Job>('POST', client.url('imports', importQuery(chosen)), {
        body: chosen.file,
        type: 'text/csv',
        signal: abort.signal,
        timeoutMs: UPLOAD_MS,
      })
      setBegun(body)
      setTried(chosen.dryRun ? chosen : null)
      setComplains(false)
      onEnd()
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
  })
  const errors = fieldErrors(begin.failure, ['file', 'match', 'entityId'])

  if (!session.can.editUsers) return <Notice kind="info">{text.needsUsers}</Notice>
  const job = followed?.job
  const busy = job !== undefined && !hasEnded(job)
  const mayImport = job?.state === 'done' && job.dryRun && tried === choice
  return (
    <section class="panel" aria-labelledby="import-title">
      <h2 id="import-title">{text.import}</h2>
      <div class="form" hidden={busy || begin.busy}>
        {errors.rest && <FailureNotice failure={errors.rest} />}
        <ImportForm
          choice={choice}
          tried={mayImport}
          errors={{
            file: complains && choice.file === null ? text.fileNeeded : errors.of('file'),
            match: errors.of('match'),
            entity: errors.of('entityId'),
          }}
          onChange={(part) => setChoice((choice) => ({ ...choice, ...part }))}
          onSubmit={() => begin.run(choice)}
        />
      </div>
      {begin.busy && (
        <div class="job">
          <progress aria-label={text.uploading} />
          <div class="spread">
            <span>{text.uploading}</span>
            <Button onClick={() => upload.current?.abort()}>{words.common.cancel}</Button>
          </div>
        </div>
      )}
      {!begin.busy && followed && busy && <JobProgress followed={followed} />}
      {!begin.busy && job && !busy && (
        <JobOutcome job={job}>
          {mayImport && (
            <div class="buttons">
              <Button kind="primary" onClick={() => begin.run({ ...choice, dryRun: false })}>
                {text.importNow}
              </Button>
            </div>
          )}
        </JobOutcome>
      )}
    </section>
  )
}
