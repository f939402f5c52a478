import { useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { DownloadLink } from '../components/download-link.tsx'
import { useFrame } from '../lib/frame.tsx'

/** Taking the last change back, and a file of what stood there before. */
export function UndoStep({ job, busy, onUndo }: { job: Job; busy: boolean; onUndo: () => void }) {
  const { client, words } = useFrame()
  const text = words.settings.method
  const [asks, setAsks] = useState(false)
  return (
    <>
      <div class="buttons">
        <Button busy={busy} onClick={() => setAsks(true)}>
          {text.undo}
        </Button>
        {job.changed > 0 && (
          <DownloadLink href={client.url(`jobs/${job.id}/undo`)}>{text.undoFile}</DownloadLink>
        )}
      </div>
      {asks && (
        <Dialog title={text.undoConfirm} onClose={() => setAsks(false)}>
          <div class="form">
            <p>{text.undoHint}</p>
            <div class="buttons">
              <Button
                kind="primary"
                onClick={() => {
                  setAsks(false)
                  onUndo()
                }}
              >
                {text.undo}
              </Button>
              <Button onClick={() => setAsks(false)}>{words.common.cancel}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
