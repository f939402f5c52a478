import { useState } from 'preact/hooks'
import type { Job } from '../../contract/jobs.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Checkbox } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Wanted } from './method-work.tsx'

/** From a preview to the change itself, asked once more; beside a host, why some of it is the host's. */
export function MethodStep({
  wanted,
  details,
  busy,
  onChange,
}: {
  wanted: Wanted
  details: Job['details']
  busy: boolean
  onChange: (changesLogins: boolean) => void
}) {
  const { session, words, formats } = useFrame()
  const { method: text, methods } = words.settings
  const [asks, setAsks] = useState(false)
  const [understood, setUnderstood] = useState(false)
  const left = Object.values(details?.problems ?? {}).reduce((sum, people) => sum + people, 0)
  const changesLogins = wanted.to === 'name'
  if (wanted.to !== 'custom_table' && !session.managesAccounts) {
    return (
      <Notice kind="info" title={text.doneByHost}>
        {text.doneByHostHint(methods[wanted.to])}
      </Notice>
    )
  }
  const close = () => {
    setAsks(false)
    setUnderstood(false)
  }
  return (
    <>
      <div class="buttons">
        <Button kind="primary" busy={busy} onClick={() => setAsks(true)}>
          {text.go(methods[wanted.to])}
        </Button>
      </div>
      {asks && (
        <Dialog title={text.confirm(methods[wanted.to])} onClose={close}>
          <div class="form">
            <p>{text.confirmHint}</p>
            {left > 0 && <Notice kind="warning">{text.left(left, formats.number(left))}</Notice>}
            {changesLogins && (
              <>
                <Notice kind="warning">
                  {text.loginsChange(details?.logins ?? 0, formats.number(details?.logins ?? 0))}
                </Notice>
                <Checkbox label={text.understood} checked={understood} onChange={setUnderstood} />
              </>
            )}
            <div class="buttons">
              <Button
                kind="primary"
                disabled={changesLogins && !understood}
                onClick={() => {
                  close()
                  onChange(changesLogins)
                }}
              >
                {text.goOn}
              </Button>
              <Button onClick={close}>{words.common.cancel}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
